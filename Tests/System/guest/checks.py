# SPDX-License-Identifier: Apache-2.0
"""Tests/System, in the box: checks that print a line each, and a program whose lines can be waited for."""
import subprocess
import threading
import time

failures = []


def check(what, holds, detail=""):
    print(f"{'ok   ' if holds else 'FAIL '} {what}{f' ({detail})' if detail else ''}", flush=True)
    if not holds:
        failures.append(what)
    return holds


def until(condition, seconds=10):
    """The seconds it took, or None. Looks less often when looking takes long: what is tested needs the processor too."""
    start = before = time.monotonic()
    while not condition():
        now = time.monotonic()
        if now - start > seconds:
            return None
        time.sleep(max(0.002, 4 * (now - before)))
        before = time.monotonic()
    return time.monotonic() - start


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


class Program:
    """A program whose output is kept line by line."""

    def __init__(self, *command, **options):
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", **options)
        self.lines = []
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()

    def read(self):
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))

    def count(self, start, since=0):
        return sum(line.startswith(start) for line in self.lines[since:])

    def wait(self, start, count=1, seconds=10, since=0):
        """True once `count` lines begin with `start`."""
        return until(lambda: self.count(start, since) >= count, seconds) is not None

    def end(self, signal=15, seconds=10):
        self.process.send_signal(signal)
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.thread.join(seconds)
        return self.process.returncode
