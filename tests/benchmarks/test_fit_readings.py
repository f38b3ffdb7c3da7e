"""The weights of readings are learned from which of them were right."""

from __future__ import annotations

import numpy as np

from benchmarks.fit_readings import Turn, chosen, fit


def turn(name: str, right: list[bool], *, settled: bool = False) -> Turn:
    readings = [{"rule": 1.0, "chance": 0.2}, {"chance": 0.9}]
    return Turn(name, settled, readings, right, right)


def test_what_speaks_for_the_right_readings_gets_the_weight() -> None:
    names = ["chance", "rule"]
    by_chance = fit([turn(str(n), [False, True]) for n in range(5)], names)
    assert by_chance[0] > 0 > by_chance[1]
    assert chosen(turn("new", [False, True]), names, by_chance) == 1
    assert chosen(turn("new", [True, False], settled=True), names, by_chance) == 0
    by_rule = fit([turn(str(n), [True, False]) for n in range(5)], names)
    assert chosen(turn("new", [True, False]), names, by_rule) == 0


def test_turns_of_which_no_reading_is_right_teach_nothing() -> None:
    learned = fit([turn("a", [False, False]), turn("b", [True, True])], ["chance", "rule"])
    assert np.allclose(learned, 0)
