"""Coordinators, nodes and PostgreSQL as real processes on loopback, over TLS. What was started is ended, and nothing else."""
import json
import os
import signal
import subprocess
import sys
import urllib.request

import journal
from member import ASHA, HERE, ROOT, Member, free_port, say, until


class Cluster:
    def __init__(self, folder, coordinators, nodes, slots=1, pause=0.0):
        self.folder, self.run, self.witness = folder, None, os.path.join(folder, "witness")
        os.makedirs(self.witness)
        os.chmod(folder, 0o711) # PostgreSQL's user finds its own folder below.
        self.journal = self.postgres("start")
        say(f"start  PostgreSQL: {self.journal.rpartition(';Password')[0]}, pid {self.postgres_pid()}")
        listens = [f"127.0.0.1:{free_port()}" for _ in range(coordinators)]
        tls, join = self.certificates(), ["--join", ",".join(listens)]
        self.apis = [f"127.0.0.1:{free_port()}" for _ in range(coordinators)]
        self.coordinators = [Member(self, f"coordinator-{i + 1}", "coordinator", listens[i].split(":")[1], ["serve", "--listen", listens[i], "--api", self.apis[i], *join, *tls], {"ASHA_JOURNAL": self.journal}) for i in range(coordinators)]
        self.nodes = []
        for name in (f"node-{i + 1}" for i in range(nodes)):
            port = free_port()
            self.nodes.append(Member(self, name, "node", port, ["node", "--name", name, "--slots", str(slots), "--listen", f"127.0.0.1:{port}", *join, *tls], {"WITNESS": self.witness, "WITNESS_NODE": name, "WITNESS_PAUSE": str(pause)}))

    @property
    def members(self):
        return self.coordinators + self.nodes

    def postgres(self, verb):
        done = subprocess.run(["bash", os.path.join(ROOT, "tests/servers/postgres.sh"), verb, os.path.join(self.folder, "postgres")], capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(done.stderr)
        return done.stdout.strip()

    def postgres_pid(self):
        with open(os.path.join(self.folder, "postgres/data/postmaster.pid")) as file:
            return int(file.readline())

    def certificates(self):
        """A CA of this cluster's own, and one certificate for whoever is on loopback."""
        at = lambda name: os.path.join(self.folder, name)
        def openssl(*arguments):
            subprocess.run(["openssl", *arguments], check=True, capture_output=True, umask=0o077)
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", at("ca.key"), "-days", "2", "-subj", "/CN=Asha kill-each-once CA",
            "-addext", "basicConstraints=critical,CA:TRUE,pathlen:0", "-addext", "keyUsage=critical,keyCertSign,cRLSign", "-out", at("ca.pem"))
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", at("member.key"), "-subj", "/CN=member", "-out", at("member.csr"))
        with open(at("member.ext"), "w") as file:
            file.write("subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth,clientAuth\nkeyUsage=critical,digitalSignature\nbasicConstraints=CA:FALSE\n")
        openssl("x509", "-req", "-in", at("member.csr"), "-CA", at("ca.pem"), "-CAkey", at("ca.key"), "-CAcreateserial", "-days", "1", "-extfile", at("member.ext"), "-out", at("member.pem"))
        return ["--tls-certificate", at("member.pem"), "--tls-key", at("member.key"), "--tls-ca", at("ca.pem")]

    def start(self):
        """A few nodes at a time: programs that start take all of a small machine, and members that get no time give each other up."""
        for member in self.coordinators:
            member.start()
        for at in range(0, len(self.nodes), 4):
            for member in self.nodes[at:at + 4]:
                member.start()
            self.wait_complete(min(at + 4, len(self.nodes)))

    def wait_missed(self, member):
        """Waits until the coordinators that are up know that it is gone."""
        isNode = member in self.nodes
        word = f"{len(self.nodes) - 1} node" if isNode else f"{len(self.coordinators) - 1} of"
        until(f"{member.name} is missed", lambda: all(word in other.sees() for other in self.coordinators if other is not member))

    def wait_complete(self, nodes=None):
        """Waits until all coordinators see each other and so many nodes, or all of them."""
        nodes, of = nodes or len(self.nodes), len(self.coordinators)
        complete = f"{of} of {of} coordinators up, {nodes} node{'s' if nodes > 1 else ''}"
        until(f"all see: {complete}", lambda: all(member.sees() == complete for member in self.coordinators), pause=0.2)
        until("the registry knows all nodes", lambda: len((self.ask("/v1/nodes") or {}).get("nodes", [])) == nodes, pause=0.2)

    def ask(self, path):
        """What the first coordinator that answers says; None: none does."""
        for api in self.apis:
            try:
                with urllib.request.urlopen(f"http://{api}{path}", timeout=3) as answer:
                    return json.load(answer)
            except OSError:
                continue
        return None

    def submit(self, file, *options):
        done = self.asha("submit", file, *options)
        if done.returncode != 0:
            sys.exit(f"asha submit: {done.stderr}")
        self.run = done.stdout.strip()
        say(f"asha submit {file} {' '.join(options)}: {self.run}")

    def asha(self, *arguments):
        return subprocess.run(["dotnet", ASHA, *arguments], env=os.environ | {"ASHA_SERVER": ",".join(f"http://{api}" for api in self.apis)}, capture_output=True, text=True)

    def position(self):
        return journal.position(self.journal, f"run-{self.run}")

    def takeovers(self):
        """When another coordinator went on with the run, each as the database has it (Unix time, s)."""
        return [entry.created for entry in journal.entries(self.journal, f"run-{self.run}") if any(event["event"] == "experiment-taken-over.1" for event in entry.events)]

    def epochs(self):
        """When registries began."""
        return [entry.created for entry in journal.entries(self.journal, "registry") if entry.manifest == "registry-begun.1"]

    def registry(self):
        """The coordinator that has the registry."""
        at = (self.ask("/v1/health") or {}).get("registry", "")
        return next((member for member in self.coordinators if at.endswith(f":{member.port}")), None)

    def owner(self):
        """The coordinator that has the run; None: nobody says."""
        listed = self.listed() or {}
        return next((member for member in self.coordinators if str(listed.get("coordinator", "")).endswith(f":{member.port}")), None)

    def phase(self):
        return (self.listed() or {}).get("phase")

    def listed(self):
        return next((entry for entry in (self.ask(f"/v1/experiments?run={self.run}") or {}).get("experiments", []) if entry["run"] == self.run), None)

    def witnessed(self, word):
        """What witness.sh wrote of the run: (time, trial, attempt, pid, node, rest)."""
        path = os.path.join(self.witness, "log")
        lines = [line.split() for line in open(path)] if os.path.exists(path) else []
        return [(float(line[0]), int(line[3]), int(line[4]), int(line[5]), line[6], line[7:]) for line in lines if line[1] == word and line[2] == self.run]

    def starts(self):
        return self.witnessed("start")

    def running(self):
        """Trials' processes that are there: {pid: (trial, attempt)}."""
        return {pid: (trial, attempt) for _, trial, attempt, pid, *_ in self.starts() if os.path.exists(f"/proc/{pid}/environ")}

    def ended(self):
        """Processes that came to their end: {(trial, attempt): (pid, exit code)}."""
        return {(trial, attempt): (pid, int(rest[0])) for _, trial, attempt, pid, _, rest in self.witnessed("end")}

    def check(self):
        return subprocess.run([os.path.join(HERE, "check"), self.journal, self.run, self.witness]).returncode

    def end(self):
        """Nodes first. Whoever does not leave is killed."""
        for group in (self.nodes, self.coordinators):
            for member in group:
                if member.is_running:
                    member.send(signal.SIGCONT)
                    member.send(signal.SIGTERM)
            for member in group:
                if member.process is None:
                    continue
                try:
                    member.process.wait(30)
                except subprocess.TimeoutExpired:
                    member.send(signal.SIGKILL)
                say(f"end    {member.name}: pid {member.process.pid}, exit code {member.process.wait()}")
        self.postgres("stop")
