# SPDX-License-Identifier: Apache-2.0
"""Tests/System, in the box: jamd as a service, the keyboard that plays it and an ear at its midi_out."""
import glob
import json
import os
import re
import shutil
import socket
import subprocess
import time

from checks import Program, run, until

# A client of ours must not start a server of its own when jamd's is down.
os.environ["JACK_NO_START_SERVER"] = "1"


def install(programs, source):
    """As the package does."""
    for program in ("jamd", "jam"):
        shutil.copy(f"{programs}/{program}", "/usr/bin/")
    for unit in ("jamd", "jackd@"):
        shutil.copy(f"{source}/systemd/{unit}.service", "/etc/systemd/system/")
    shutil.copy(f"{source}/systemd/sysusers.d/jamd.conf", "/usr/lib/sysusers.d/")
    os.makedirs("/usr/share/jamd/styles", exist_ok=True)
    for style in glob.glob(f"{source}/Styles/*.style"):
        shutil.copy(style, "/usr/share/jamd/styles/")
    os.makedirs("/etc/jamd", exist_ok=True)
    # What is played appears on midi_out as well, where its releases can be seen.
    with open("/etc/jamd/jamd.toml", "w", encoding="utf-8") as file:
        file.write("[player]\nthru_to_midi_out = true\n")
    run("systemd-sysusers")
    run("systemctl", "daemon-reload")


def show(name, unit="jamd"):
    return run("systemctl", "show", "-P", name, unit).strip()


def status():
    """What `jam status --json` shows, asked without the cost of a program."""
    with socket.socket(socket.AF_UNIX) as asking:
        try:
            asking.settimeout(5)
            asking.connect("/run/jamd/jamd.sock")
            asking.sendall(b'{"command":"status"}\n')
            return json.loads(asking.makefile().readline())["result"]
        except (OSError, ValueError, KeyError):
            return {}


def resident(pid):
    """Megabytes."""
    with open(f"/proc/{pid}/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE") / 1048576


def journal():
    return run("journalctl", "-u", "jamd", "--no-pager", "-o", "cat")


def keyboard(*arguments, number=0):
    subprocess.run(["midi-keyboard", *arguments], env={**os.environ, "KEYBOARD": str(number)}, check=True)


def keys_side(number=0):
    """Of a keyboard that is plugged in: what is written to it is played. Without the cost of a program."""
    card = os.readlink(f"/proc/asound/keys{number}").removeprefix("card")
    return open(f"/dev/snd/midiC{card}D0", "wb", buffering=0)


def play(*keys, seconds=0.25, number=0):
    with keys_side(number) as side:
        for key in keys:
            side.write(bytes((0x90, key, 100)))
            time.sleep(seconds)
            side.write(bytes((0x80, key, 64)))


# One start of a program less for each of these costs a slow processor a second less.
LISTEN = """stdbuf -oL jack_midi_dump &
for try in $(seq 100); do
  jack_connect jamd:midi_out midi-monitor:input 2> /dev/null && echo connected && break
  sleep 0.1
done
wait"""


class Output:
    """What leaves jamd's midi_out, as a client of the same JACK server hears it."""

    def __init__(self):
        self.dump = Program("runuser", "-u", "jamd", "--", "sh", "-c", LISTEN)
        self.connected = self.dump.wait("connected", seconds=20)

    def end(self):
        # What has been started for it would outlive it.
        run("pkill", "-9", "-x", "jack_midi_dump")
        self.dump.end(9)

    def messages(self):
        found = (re.search(r"\b([89b])([0-9a-f]) ([0-9a-f]{2}) ([0-9a-f]{2})\b", line.lower()) for line in self.dump.lines)
        return [(m[1], m[2], m[3], int(m[4], 16)) for m in found if m]

    def sounding(self):
        held = set()
        for kind, channel, key, value in self.messages():
            if kind == "9" and value > 0:
                held.add((channel, key))
            elif kind in "89":
                held.discard((channel, key))
        return held

    def onsets(self):
        return sum(kind == "9" and value > 0 for kind, _, _, value in self.messages())
