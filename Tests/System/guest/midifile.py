# SPDX-License-Identifier: Apache-2.0
"""Tests/System, in the box: a Standard MIDI File as tracks of (tick, status, data), read without jamd's help."""
import struct


def tracks(data):
    """[(name, [(tick, status, bytes)])]; raises on anything that is not whole."""
    if data[:4] != b"MThd":
        raise ValueError("no MIDI file")
    count = struct.unpack(">H", data[10:12])[0]
    at, found = 14, []
    for _ in range(count):
        kind, length = struct.unpack(">4sI", data[at:at + 8])
        if kind != b"MTrk" or at + 8 + length > len(data):
            raise ValueError("a track is cut off")
        found.append(track(data[at + 8:at + 8 + length]))
        at += 8 + length
    return found


def track(data):
    at, tick, name, events = 0, 0, "", []

    def number():
        nonlocal at
        value = 0
        while True:
            byte = data[at]
            at += 1
            value = value << 7 | byte & 0x7F
            if byte < 0x80:
                return value

    while at < len(data):
        tick += number()
        status = data[at]
        at += 1
        if status == 0xFF:
            kind = data[at]
            at += 1
            length = number()
            text = data[at:at + length]
            at += length
            if kind == 3:
                name = text.decode(errors="replace")
            if kind == 0x2F:
                return name, events
            events.append((tick, 0xFF00 | kind, text))
        else:
            length = 1 if status & 0xE0 == 0xC0 else 2
            events.append((tick, status, data[at:at + length]))
            at += length
    raise ValueError("a track without its end")


def strikes(events):
    """(key, velocity) of every note struck, in order, and the keys that are never released."""
    struck, held = [], set()
    for _, status, data in events:
        kind, key = status & 0xFFF0, (status & 15, data[0] if data else 0)
        if kind == 0x90 and data[1]:
            struck.append((data[0], data[1]))
            held.add(key)
        elif kind in (0x80, 0x90):
            held.discard(key)
        elif kind == 0xB0 and data[0] == 123:
            held = {other for other in held if other[0] != status & 15}
    return struck, held
