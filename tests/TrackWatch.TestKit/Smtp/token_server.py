"""Gives OAuth access tokens for a refresh token, as RFC 6749 section 6 has it: token_server.py FOLDER.

Asked questions lie in FOLDER/asked.log, a JSON object of the form's fields each. FOLDER/answer.json says what is answered:
  {"status": 200, "body": {"access_token": "…", "expires_in": 3600}}, or {"hang": true}, or {"status": 302, "to": "…"}.
"""

import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

folder = sys.argv[1]


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        with open(os.path.join(folder, "asked.log"), "a", encoding="utf-8") as file:
            file.write(json.dumps(form) + "\n")
        with open(os.path.join(folder, "answer.json"), encoding="utf-8") as file:
            answer = json.load(file)
        if answer.get("hang"):
            time.sleep(3600)
        body = answer.get("body", "")
        body = (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(answer["status"])
        if "to" in answer:
            self.send_header("Location", answer["to"])
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def end_with_the_test():
    sys.stdin.read()
    os._exit(0)


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
print("listening", server.server_port, flush=True)
threading.Thread(target=end_with_the_test, daemon=True).start()
server.serve_forever()
