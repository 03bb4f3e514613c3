"""A coordinator or a node as a real process: the asha that was built here. Pid, role, port and exit code are printed."""
import os
import random
import signal
import socket
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
ASHA = os.path.join(ROOT, "src/Asha.Host/bin/Release/net10.0/asha.dll")
BEGUN = time.time()


def say(text):
    print(f"{time.time() - BEGUN:7.1f} s  {text}", flush=True)


def load():
    return f"load {os.getloadavg()[0]:.1f}"


def until(what, happened, limit=120, pause=0.05):
    """Waits for what is to happen, and returns what came of it."""
    begun = time.time()
    while not (result := happened()):
        if time.time() - begun > limit:
            sys.exit(f"not within {limit} s: {what}")
        time.sleep(pause)
    return result


def free_port():
    """Below the range from which the kernel gives ports to clients."""
    while True:
        port = random.randrange(20000, 32000)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port


class Member:
    """A process of the cluster, which can be ended and started again: what it keeps stays, and so does its port."""

    def __init__(self, cluster, name, role, port, arguments, environment):
        self.cluster, self.name, self.role, self.port = cluster, name, role, port
        self.data, self.out = os.path.join(cluster.folder, name), os.path.join(cluster.folder, f"{name}.out")
        self.command, self.environment, self.process = ["dotnet", ASHA, *arguments, "--data", self.data], os.environ | environment, None

    def start(self):
        with open(self.out, "ab") as out:
            self.mark = out.tell()
            self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, env=self.environment)
        say(f"start  {self.name}: pid {self.process.pid}, {self.role}, port {self.port}")

    def send(self, which):
        self.process.send_signal(which)

    def kill(self, which=signal.SIGKILL):
        """Ends it, and says with which position of the journal, and which exit code."""
        at = self.cluster.position()
        self.killed = time.time()
        self.send(which)
        code = self.process.wait(60)
        say(f"{which.name} {self.name}: pid {self.process.pid}, {self.role}, port {self.port}, at {time.strftime('%H:%M:%S', time.gmtime())} UTC, entry {at} of the run's journal, exit code {code}")

    @property
    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def said(self):
        """Since its last start."""
        with open(self.out) as out:
            out.seek(self.mark)
            return out.read()

    def sees(self):
        """The last that it said of who is up."""
        return next((line for line in reversed(self.said().splitlines()) if "coordinators up" in line), "")
