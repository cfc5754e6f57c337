# SPDX-License-Identifier: Apache-2.0
"""What learning and generating cost in vmo, the Variable Markov Oracle of the OMax family, as one JSON object.

Usage: vmo_peer.py SYMBOLS EVENTS ANSWERS. SYMBOLS holds the pitches to learn, separated by white space. The factor oracle
learns them one by one, as it would from a player, and then generates ANSWERS answers of EVENTS events.
"""
import json
import random
import sys
import time
import types

for audio in ("librosa", "soundfile"):  # vmo imports them for sound files; symbols need neither.
    sys.modules.setdefault(audio, types.ModuleType(audio))

import vmo.VMO.oracle as oracles  # noqa: E402
from vmo.generate import generate  # noqa: E402


def main():
    path, events, answers = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    with open(path) as file:
        symbols = [int(word) for word in file.read().split()]
    sys.setrecursionlimit(100_000)
    random.seed(1899)

    oracle = oracles.create_oracle("f")
    start = time.perf_counter_ns()
    for symbol in symbols:
        oracle.add_state(symbol)
    learning = time.perf_counter_ns() - start

    def per_event(length):
        samples = []
        for _ in range(answers):
            k = random.randrange(1, len(symbols))
            start = time.perf_counter_ns()
            generate(oracle, length, p=0.5, k=k)
            samples.append((time.perf_counter_ns() - start) / length)
        return samples

    print(json.dumps({"learning": learning, "events": per_event(events), "alone": per_event(1)}))


main()
