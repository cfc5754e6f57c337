# SPDX-License-Identifier: Apache-2.0
"""Tests/System, in the box: clients of the ALSA sequencer for tests, through libasound."""
import ctypes
import os
import select
import struct
import time

alsa = ctypes.CDLL("libasound.so.2")
alsa.snd_seq_poll_descriptors.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_uint, ctypes.c_short]
for name in ("snd_seq_set_client_name", "snd_seq_create_simple_port", "snd_seq_close", "snd_seq_client_id",
             "snd_seq_event_output_direct", "snd_seq_event_input", "snd_seq_event_input_pending",
             "snd_seq_connect_from", "snd_seq_delete_simple_port"):
    getattr(alsa, name).argtypes = None

READ, WRITE, SUBS_READ, SUBS_WRITE = 1, 2, 32, 64
GENERIC, HARDWARE, SOFTWARE, APPLICATION = 1 << 1, 1 << 16, 1 << 17, 1 << 20
NOTE_ON, NOTE_OFF, CONTROLLER = 6, 7, 10
PORT_START, PORT_EXIT, SUBSCRIBED, UNSUBSCRIBED = 63, 64, 66, 67


class Client:
    """A client with one port; `kind` is its port's type."""

    def __init__(self, name, kind=GENERIC | APPLICATION, capabilities=READ | SUBS_READ):
        self.handle = ctypes.c_void_p()
        self.check(alsa.snd_seq_open(ctypes.byref(self.handle), b"default", 3, 1))
        self.check(alsa.snd_seq_set_client_name(self.handle, name.encode()))
        self.number = self.check(alsa.snd_seq_client_id(self.handle))
        self.port = self.create_port(name, kind, capabilities)
        descriptor = ctypes.create_string_buffer(8)
        self.check(alsa.snd_seq_poll_descriptors(self.handle, descriptor, 1, 1))
        self.descriptor = struct.unpack("ihh", descriptor)[0]

    def create_port(self, name, kind, capabilities=READ | SUBS_READ):
        return self.check(alsa.snd_seq_create_simple_port(self.handle, name.encode(), capabilities, kind))

    def delete_port(self, port):
        self.check(alsa.snd_seq_delete_simple_port(self.handle, port))

    def connect_from(self, client, port):
        self.check(alsa.snd_seq_connect_from(self.handle, self.port, client, port))

    def close(self):
        alsa.snd_seq_close(self.handle)

    @staticmethod
    def check(result):
        if result < 0:
            raise OSError(-result, "libasound")
        return result

    def send(self, kind, channel, first, second, port=None):
        """A note (key, velocity) or a controller (number, value) to whoever listens."""
        if kind in (NOTE_ON, NOTE_OFF):
            data = struct.pack("BBBBI4x", channel, first, second, 0, 0)
        else:
            data = struct.pack("B3xIi", channel, first, second)
        head = struct.pack("BBbB8xBBBB", kind, 0, 0, 253, 0, self.port if port is None else port, 254, 253)
        # A listener whose pool is full makes this fail; that is its business.
        return alsa.snd_seq_event_output_direct(self.handle, head + data)

    def note(self, key, velocity=100, port=None):
        self.send(NOTE_ON, 0, key, velocity, port)
        self.send(NOTE_OFF, 0, key, 64, port)

    def events(self, seconds):
        """(time, type, data) of what arrives, until nothing does for `seconds`."""
        while alsa.snd_seq_event_input_pending(self.handle, 0) > 0 or select.select([self.descriptor], [], [], seconds)[0]:
            event = ctypes.c_void_p()
            if alsa.snd_seq_event_input(self.handle, ctypes.byref(event)) < 0:
                continue
            raw = ctypes.string_at(event, 28)
            yield time.monotonic(), raw[0], raw[16:]


def keyboard(name):
    """What the USB driver makes of a keyboard, as far as jamd can tell."""
    return Client(name, GENERIC | HARDWARE)


def pass_by(count):
    """Keyboards that come, each with a name of its own, and go as soon as somebody has subscribed to them; of how many
    that is true."""
    witness, listened = Client("witness", capabilities=WRITE | SUBS_WRITE), 0
    witness.connect_from(0, 1)
    for number in range(count):
        passing = keyboard(f"Passing {number}")
        listened += any(kind == SUBSCRIBED and data[0] == passing.number for _, kind, data in witness.events(5))
        passing.close()
    witness.close()
    return listened


def pass_by_unseen(count):
    """Keyboards that come and go, ten at a time, before anybody else has a turn."""
    for _ in range(0, count, 10):
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(60))
        for number in range(10):
            keyboard(f"Unseen {number}").close()
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
