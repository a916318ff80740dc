"""A small HTTP server on raw sockets: what came in is kept byte for byte, and what goes out is up to the test."""
import socket
import threading


class Request:
    """One request as it came: `head` up to and with the empty line, `body` as Content-Length says."""

    def __init__(self, head, body):
        self.head, self.body = head, body
        lines = head.decode("latin-1").split("\r\n")
        self.line = lines[0]
        parts = self.line.split(" ")
        self.method, self.target = parts[0], parts[1] if len(parts) > 1 else ""
        self.headers = [tuple(part.strip() for part in line.partition(":")[::2]) for line in lines[1:] if line]

    def header(self, name):
        return next((value for known, value in self.headers if known.lower() == name.lower()), None)


def reply(status, body=b"", headers=(), content_type="application/json"):
    """The bytes of a whole reply."""
    lines = ["HTTP/1.1 {0} Said".format(status), "Content-Type: " + content_type,
             "Content-Length: {0}".format(len(body))] + ["{0}: {1}".format(*each) for each in headers]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


class Server:
    """Answers each request with what `respond(request)` returns: bytes, or None to close. With `context` it speaks
    TLS. Bytes that are no request are kept, too: in `scraps`."""

    def __init__(self, respond, context=None, host="127.0.0.1"):
        self._respond, self._context = respond, context
        self.requests, self.scraps, self.connections = [], [], 0
        self._listener = socket.create_server((host, 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self):
        self._listener.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def forget(self):
        self.requests, self.scraps, self.connections = [], [], 0

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection):
        try:
            connection.settimeout(60)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._context:
                connection = self._context.wrap_socket(connection, server_side=True)
            while self._answer_one(connection):
                pass
        except (OSError, ValueError):
            pass  # a handshake that fails is what some tests want
        finally:
            connection.close()

    def _answer_one(self, connection):
        data = b""
        while b"\r\n\r\n" not in data:
            more = connection.recv(65536)
            if not more:
                if data:
                    self.scraps.append(data)
                return False
            data += more
        head, _, body = data.partition(b"\r\n\r\n")
        request = Request(head + b"\r\n\r\n", b"")
        wanted = int(request.header("Content-Length") or 0)
        while len(body) < wanted:
            more = connection.recv(65536)
            if not more:
                break
            body += more
        request.body = body[:wanted]
        if len(body) > wanted:
            self.scraps.append(body[wanted:])
        self.requests.append(request)
        answer = self._respond(request)
        if answer is None:
            return False
        connection.sendall(answer)
        return (request.header("Connection") or "").lower() != "close"
