"""Words in a document that are meant for a language model, not for a reader.

A part that holds them is searched for nobody and grounds no sentence; on the document's page, and where
it is asked for by its place, it is shown like any other. Documents about such models and duties to
answer people (`phải trả lời bằng văn bản`) are not meant: only orders to say something are.
"""

from __future__ import annotations

import re
from functools import lru_cache

_ORDERS = re.compile(
    r"(?<!\w)(?:bỏ qua|quên|phớt lờ|không tuân theo)(?: hết| đi)?(?: mọi| tất cả| các| những| toàn bộ)?"
    r" (?:hướng dẫn|chỉ dẫn|quy tắc|mệnh lệnh|câu lệnh|lời nhắc)"
    r" (?:trước|ở trên|bên trên|trên đây|ban đầu|hệ thống|cũ)(?!\w)"
    r"|(?<!\w)hãy (?:chỉ |luôn )?(?:trả lời|nói|viết|in ra|đáp)(?: rằng| là|:| “| \")"
    r"|(?<!\w)(?:khi|nếu) (?:có (?:ai|người) |được )?hỏi .{0,80}(?<!\w)hãy (?:trả lời|nói|viết|đáp)(?!\w)"
    r"|(?<!\w)(?:trợ lý(?: ai| ảo)?|chatbot|chatgpt|mô hình ngôn ngữ|ai) (?:phải |luôn |hãy |chỉ )+"
    r"(?:trả lời|nói|viết|đáp) (?:rằng|là)(?!\w)"
    r"|(?<!\w)bạn (?:bây giờ )?là (?:một )?(?:trợ lý|mô hình|chatbot|ai|dan)(?!\w)"
    r"|(?<!\w)(?:ignore|disregard|forget|override)(?: all| any| the| your| these)*"
    r"(?: previous| prior| above| earlier| system)* (?:instruction|rule|prompt)s?(?!\w)"
    r"|(?<!\w)(?:you are now|from now on,? you|pretend (?:to be|that))(?!\w)"
    r"|(?<!\w)(?:say|reply|respond|answer|tell the user)(?: only)? that(?!\w)"
    r"|(?<!\w)system prompt(?!\w)|<\|im_(?:start|end)\|>|\[/?inst\]|<</?sys>>",
    re.S,
)


@lru_cache(maxsize=16_384)  # each question meets many passages again
def addresses_a_model(text: str) -> bool:
    """Whether a text in NFC orders a language model to say or forget something."""
    return _ORDERS.search(text.casefold()) is not None
