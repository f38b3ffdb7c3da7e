"""What a chat model writes is shown only where it holds: every sentence has a marker that exists,
and what it says stands in what it cites.

Comparing with the sources is in `grounds.py` and `facts.py`; an entailment model, where one is set,
must agree too. Which sentences are shown when is decided in `generate.py`.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import replace

from corpus.clean import fold
from rag.errors import EntailmentUnavailable
from rag.facts import facts
from rag.grounds import Ground, content, stands
from rag.ports import Entailment
from rag.sources import Source
from rag.written import Claim, Sentence

STATES = 4  # content syllables; what is shorter says too little to be told whose it is
_ENTAILED = 0.5  # the probability from which a premise is taken to entail a claim
_REFUSES = re.compile(
    r"khong co can cu|khong (?:co|tim thay|du) (?:thong tin|du lieu|noi dung|can cu|cau tra loi)"
    r"|(?:doan trich|tai lieu|van ban)[^.]{0,30} khong (?:neu|de cap|noi|chua)|toi (?:khong|xin loi)|xin loi"
)
# `UBND xã có tham gia không`: the question said again, its mark left out.
_ASKS = re.compile(r"(?<!\w)(?:[Cc]ó|[Đđ]ã|[Đđ]ược)(?!\w).*(?<!\w)(?:không|chưa)$")
_TALKS = re.compile(
    r"(?<!\w)(?:toi la|nhu mot mo hinh|mo hinh ngon ngu|tro ly ai|doan trich danh so|system prompt)(?!\w)"
)


def denies(sentence: Sentence) -> bool:
    """Whether a model says that it can't answer."""
    return _REFUSES.search(fold(sentence.words)) is not None


class Verifier:
    """Holds sentences against the sources that a model was told; the first `own` of them are the
    default answer's."""

    def __init__(
        self, sources: Sequence[Source], own: int, entailment: Entailment | None = None
    ) -> None:
        self._sources, self._own, self._entailment = sources, own, entailment

    async def held(self, sentence: Sentence) -> Sentence | None:
        """The sentence with the markers that it needs, or None where something in it does not hold.

        One that fails for its markers alone gets that of the source in which it stands whole.
        """
        if (
            "?" in sentence.stop
            or _ASKS.search(sentence.words)
            or re.search(r"[\[\]【】]", sentence.words)
            or _TALKS.search(fold(sentence.words))
        ):
            return None
        held = self._as_marked(sentence) or self._marked_anew(sentence)
        return held if held and await self._entailed(held) else None

    def leads_in(self, sentence: Sentence) -> bool:
        """`Các nhiệm vụ gồm:` states nothing by itself: no number, no name, no word from elsewhere."""
        words = sentence.words
        if sentence.claims or not words.endswith(":") or len(words.split()) > 12 or facts(words):
            return False
        ground = self._together(range(1, len(self._sources) + 1))
        return stands(words, ground) and all(word in ground.vocabulary for word in content(words))

    def _as_marked(self, sentence: Sentence) -> Sentence | None:
        claims = [self._claim_held(claim) for claim in sentence.claims]
        if not claims or any(claim is None for claim in claims):
            return None
        return replace(sentence, claims=tuple(claim for claim in claims if claim is not None))

    def _claim_held(self, claim: Claim) -> Claim | None:
        """The claim with the first marker that carries it alone, else with all together."""
        if any(not 1 <= marker <= len(self._sources) for marker in claim.markers):
            return None
        for marker in claim.markers:
            if stands(claim.words, self._sources[marker - 1].ground):
                return Claim(claim.words, (marker,))
        several = len(claim.markers) > 1 and stands(claim.words, self._together(claim.markers))
        return claim if several else None

    def _marked_anew(self, sentence: Sentence) -> Sentence | None:
        """With the one source that carries all of it; of several the default answer's first. What has
        neither marker nor full stop may have been cut off, and then says something else."""
        if not (sentence.claims or sentence.stop.startswith(".")):
            return None
        if len(content(sentence.words)) < STATES:
            return None
        carrying = [
            marker
            for marker, source in enumerate(self._sources, start=1)
            if stands(sentence.words, source.ground)
        ]
        if not carrying or len(carrying) > 1 and carrying[0] > self._own:
            return None
        return replace(sentence, claims=(Claim(sentence.words, (carrying[0],)),))

    async def _entailed(self, sentence: Sentence) -> bool:
        """Whether the entailment model agrees; one that is missing or broken has no say."""
        if self._entailment is None:
            return True
        pairs = [(self._together(claim.markers).text, claim.words) for claim in sentence.claims]
        try:
            chances = await asyncio.to_thread(self._entailment.probabilities, pairs)
        except EntailmentUnavailable:
            return True
        return bool(min(chances) >= _ENTAILED)

    def _together(self, markers: Sequence[int]) -> Ground:
        if len(markers) == 1:
            return self._sources[markers[0] - 1].ground
        return Ground("\n".join(self._sources[marker - 1].ground.text for marker in markers))
