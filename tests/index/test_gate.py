from __future__ import annotations

import threading
import time

from index.gate import Gate


def test_many_share_and_one_alone_waits_for_them() -> None:
    gate = Gate()
    order: list[str] = []
    inside, leave = threading.Event(), threading.Event()

    def share() -> None:
        with gate.shared() as entered:
            assert entered
            inside.set()
            assert leave.wait(10)
            order.append("shared")

    def alone() -> None:
        with gate.alone():
            order.append("alone")

    sharing = threading.Thread(target=share)
    sharing.start()
    assert inside.wait(10)
    waiting = threading.Thread(target=alone)
    waiting.start()
    time.sleep(0.05)
    with gate.shared() as entered:  # whoever waits to be alone keeps nobody out
        assert entered
        with gate.shared() as again:
            assert again
        order.append("another")
    leave.set()
    sharing.join(10)
    waiting.join(10)
    assert order == ["another", "shared", "alone"]


def test_nobody_enters_while_one_is_alone() -> None:
    gate = Gate()
    entered: list[bool] = []

    def at_once() -> None:
        with gate.shared(wait=False) as inside:
            entered.append(inside)

    def patiently() -> None:
        with gate.shared() as inside:
            entered.append(inside)

    with gate.alone():
        first = threading.Thread(target=at_once)
        first.start()
        first.join(10)
        second = threading.Thread(target=patiently)
        second.start()
        time.sleep(0.05)
        assert entered == [False]
    second.join(10)
    assert entered == [False, True]
    with gate.alone():
        pass
