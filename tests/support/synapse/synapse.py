"""A real Synapse on loopback, for tests: installed where it is not yet, configured, started, waited for, killed and started
again, and ended by its own process id. It cannot outlive the process that started it."""

import base64
import ctypes
import hashlib
import hmac
import http.client
import json
import os
import secrets
import signal
import socket
import subprocess
import tempfile
import time

from person import Person, Refused

HERE = os.path.dirname(os.path.abspath(__file__))
INSTALLED_IN = os.path.join(HERE, "..", "..", "..", "build", "synapse")
SERVER_NAME = "lab.test"
SHARED_SECRET = "registration of tests"
LONGEST = 60.0  # seconds for anything

PR_SET_PDEATHSIG = 1
UNLIMITED = {"per_second": 100000, "burst_count": 100000}
# Every limit of Synapse's, out of the way.
NO_LIMITS = {
    "rc_message": UNLIMITED, "rc_registration": UNLIMITED, "rc_admin_redaction": UNLIMITED, "rc_joins_per_room": UNLIMITED,
    "rc_room_creation": UNLIMITED, "rc_media_create": UNLIMITED, "rc_reports": UNLIMITED, "rc_third_party_invite": UNLIMITED,
    "rc_login": {"address": UNLIMITED, "account": UNLIMITED, "failed_attempts": UNLIMITED},
    "rc_joins": {"local": UNLIMITED, "remote": UNLIMITED},
    "rc_invites": {"per_room": UNLIMITED, "per_user": UNLIMITED, "per_issuer": UNLIMITED},
    "rc_presence": {"per_user": UNLIMITED},
}


def die_with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Synapse:
    """`limits`: None for none at all, {} for Synapse's own, or settings such as {"rc_message": {…}}. `settings` are further
    ones of homeserver.yaml."""

    def __init__(self, limits=None, settings=None, installed_in=INSTALLED_IN):
        subprocess.run([os.path.join(HERE, "install"), installed_in], check=True)
        self.python = os.path.join(installed_in, "venv", "bin", "python")
        self.kept_in = tempfile.TemporaryDirectory(prefix="coxswain-synapse-", ignore_cleanup_errors=True)
        self.folder = self.kept_in.name
        self.port = free_port()
        self.process = None
        try:
            self.configure(NO_LIMITS if limits is None else limits, settings or {})
            self.start()
        except BaseException:
            self.close()
            raise

    @property
    def url(self):
        return "http://127.0.0.1:%d" % self.port

    @property
    def server_name(self):
        return SERVER_NAME

    def path(self, name):
        return os.path.join(self.folder, name)

    def configure(self, limits, settings):
        key = base64.b64encode(secrets.token_bytes(32)).decode().rstrip("=")
        self.write("signing.key", "ed25519 a_test %s\n" % key)
        self.write("log.yaml", json.dumps({
            "version": 1, "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
            "handlers": {"file": {"class": "logging.FileHandler", "formatter": "line", "filename": self.path("log")}},
            "root": {"level": "WARNING", "handlers": ["file"]}, "disable_existing_loggers": False}))
        self.write("homeserver.yaml", json.dumps({
            "server_name": SERVER_NAME, "pid_file": self.path("pid"), "report_stats": False,
            "listeners": [{"port": self.port, "type": "http", "tls": False, "bind_addresses": ["127.0.0.1"],
                           "resources": [{"names": ["client"], "compress": False}]}],
            "database": {"name": "sqlite3", "args": {"database": self.path("homeserver.db")}},
            "log_config": self.path("log.yaml"), "media_store_path": self.path("media"),
            "signing_key_path": self.path("signing.key"), "registration_shared_secret": SHARED_SECRET,
            "macaroon_secret_key": secrets.token_hex(), "form_secret": secrets.token_hex(),
            "trusted_key_servers": [], "suppress_key_server_warning": True, "federation_domain_whitelist": [],
            "bcrypt_rounds": 4, "enable_room_list_search": False, "url_preview_enabled": False,
            # Otherwise the same question is answered from memory for two minutes.
            "caches": {"sync_response_cache_duration": "0s"}, **limits, **settings}))

    def write(self, name, content):
        with open(self.path(name), "w") as file:
            file.write(content)

    def start(self):
        """Until it answers."""
        with open(self.path("output"), "ab") as output:
            self.process = subprocess.Popen([self.python, "-m", "synapse.app.homeserver", "-c", self.path("homeserver.yaml")],
                                            stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=self.folder,
                                            preexec_fn=die_with_parent)
        end = time.monotonic() + LONGEST
        while not self.healthy():
            if self.process.poll() is not None or time.monotonic() > end:
                raise AssertionError("Synapse does not start:\n" + self.log())
            time.sleep(0.05)

    def healthy(self):
        try:
            return self.ask("GET", "/health")[0] == 200
        except (OSError, http.client.HTTPException):
            return False

    def end(self, by=signal.SIGTERM):
        if self.process and self.process.poll() is None:
            self.process.send_signal(by)
            try:
                self.process.wait(LONGEST)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def kill(self):
        self.end(signal.SIGKILL)

    def restart(self, by=signal.SIGTERM):
        self.end(by)
        self.start()

    def close(self):
        self.kill()
        self.kept_in.cleanup()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def log(self):
        """What it complained about, the end of it."""
        text = ""
        for name in ("output", "log"):
            if os.path.exists(self.path(name)):
                with open(self.path(name), errors="replace") as file:
                    text += file.read()[-4000:]
        return text

    def ask(self, method, path, body=None, token=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LONGEST)
        try:
            headers = {"Authorization": "Bearer " + token} if token else {}
            data = None
            if body is not None:
                data, headers["Content-Type"] = json.dumps(body), "application/json"
            connection.request(method, path, data, headers)
            answer = connection.getresponse()
            text = answer.read()
            return answer.status, json.loads(text) if text.startswith((b"{", b"[")) else text.decode()
        finally:
            connection.close()

    def must(self, method, path, body=None, token=None):
        status, answer = self.ask(method, path, body, token)
        if status != 200:
            raise Refused("%s %s" % (method, path), status, answer)
        return answer

    def register(self, name, password=None, admin=False):
        """A person with a token and a device of their own."""
        password = password or "password of " + name
        nonce = self.must("GET", "/_synapse/admin/v1/register")["nonce"]
        words = "\0".join((nonce, name, password, "admin" if admin else "notadmin"))
        mac = hmac.new(SHARED_SECRET.encode(), words.encode(), hashlib.sha1).hexdigest()
        made = self.must("POST", "/_synapse/admin/v1/register", {
            "nonce": nonce, "username": name, "password": password, "admin": admin, "mac": mac})
        return Person(self, made["user_id"], made["access_token"], made["device_id"], password)
