"""A real SMTP server for tests: takes mails into a folder, and misbehaves as rules.json says.

rules.json is read anew at every command, so that a test changes it while the server runs:
  {"CONNECT": "554 go away", "AUTH": "...", "MAIL": "...", "RCPT": "...", "RCPT ayse@example.org": "451 ...",
   "DATA": "...", "END": "..."}
END is the answer to the mail itself. Instead of a reply: "hang" (says nothing more), "drop" (hangs up), "slow 0.2"
(waits that many seconds, then goes on). A reply of 421 also hangs up.
"""

import asyncio
import base64
import json
import os
import ssl
import sys
import threading

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

folder, options = sys.argv[1], json.loads(sys.argv[2])
counts = {"connection": 0, "mail": 0}


def rule(*names):
    try:
        with open(os.path.join(folder, "rules.json"), encoding="utf-8") as file:
            rules = json.load(file)
    except FileNotFoundError:
        return None
    return next((rules[name] for name in names if name in rules), None)


async def obey(server, action):
    """Returns whether the command goes on as usual."""
    if action is None:
        return True
    if action == "hang":
        await asyncio.sleep(3600)
    if action.startswith("slow "):
        await asyncio.sleep(float(action[5:]))
        return True
    if action != "drop":
        await server.push(action)
    if action == "drop" or action.startswith("421"):
        server.transport.close()
    return False


class Sink(SMTP):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        counts["connection"] += 1
        self.number = counts["connection"]
        for name, method in list(self._smtp_methods.items()):
            self._smtp_methods[name] = self.watched(name, method)

    def watched(self, name, method):
        async def run(arg):
            said = f"{name} {arg}".strip() if arg else name
            self.note(" ".join(said.split()[:2]) if name == "AUTH" else said)
            names = [name]
            if name == "RCPT" and arg:
                names.insert(0, "RCPT " + arg[arg.find("<") + 1 : arg.find(">")])
            if await obey(self, rule(*names)):
                await method(arg)
                # aiosmtpd forgets nothing it read before TLS began; a command smuggled in is not what is tested here.

        return run

    def note(self, line):
        with open(os.path.join(folder, "conversation.log"), "a", encoding="utf-8") as file:
            file.write(f"{self.number} {line}\n")

    async def _handle_client(self):
        if not getattr(self, "greeted", False):
            self.greeted = True
            self.note("CONNECT")
            action = rule("CONNECT")
            if action is not None and not await obey(self, action):
                self.transport.close()
                return
        await super()._handle_client()


class Handler:
    async def handle_DATA(self, server, session, envelope):
        action = rule("END")
        if action is not None and not action.startswith(("hang", "drop", "slow", "lost", "421")):
            return action
        if action is not None and action != "lost" and not await obey(server, action):
            return "451 never read"
        counts["mail"] += 1
        name = os.path.join(folder, f"{counts['mail']:04}-{os.getpid()}")
        with open(name + ".eml", "wb") as file:
            file.write(envelope.original_content)
        told = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "parameters": envelope.mail_options,
            "encrypted": session.ssl is not None or options["security"] == "tls",
            "user": getattr(session, "who", None),
            "connection": server.number,
            "file": name + ".eml",
        }
        with open(name + ".tmp", "w", encoding="utf-8") as file:
            json.dump(told, file)
        os.rename(name + ".tmp", name + ".json")
        if action == "lost":  # the mail is in, its answer is not
            server.transport.close()
        return f"250 2.0.0 Ok: queued as {counts['mail']:04}"

    async def auth_XOAUTH2(self, server, args):
        said = base64.b64decode(args[1]).decode()
        if said == f"user={options['user']}\x01auth=Bearer {options['token']}\x01\x01":
            server.session.who = options["user"]
            return AuthResult(success=True, auth_data=said)
        answer = await server.challenge_auth('{"status":"401"}')
        server.note("answer to the challenge: " + repr(answer))
        return AuthResult(success=False, handled=False)


def authenticate(server, session, envelope, mechanism, data):
    right = (
        isinstance(data, LoginPassword)
        and data.login.decode() == options["user"]
        and data.password.decode() == options["password"]
    )
    if right:
        session.who = options["user"]
    return AuthResult(success=right, handled=False)


def context():
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(options["certificate"])
    return made


async def main():
    security = options["security"]
    mechanisms = {"PLAIN", "LOGIN", "XOAUTH2"} & set(options["mechanisms"])

    def serve():
        return Sink(
            Handler(),
            hostname="sink.example.org",
            data_size_limit=options["size"],
            enable_SMTPUTF8=options["utf8"],
            tls_context=context() if security == "starttls" else None,
            require_starttls=security == "starttls",
            auth_required=options["user"] is not None,
            auth_require_tls=security == "starttls",
            auth_exclude_mechanism={"PLAIN", "LOGIN", "XOAUTH2"} - mechanisms,
            authenticator=authenticate,
            loop=asyncio.get_running_loop(),
        )

    server = await asyncio.get_running_loop().create_server(
        serve, "127.0.0.1", options["port"], ssl=context() if security == "tls" else None
    )
    print("listening", server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def end_with_the_test():
    sys.stdin.read()
    os._exit(0)


threading.Thread(target=end_with_the_test, daemon=True).start()
asyncio.run(main())
