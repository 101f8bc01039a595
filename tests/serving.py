"""Serve a folder locally, as GitHub Pages would: compressed, with its 404 page."""

import functools
import gzip
import http.server
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from urllib.parse import unquote, urlsplit

TEXT = {".css", ".html", ".js", ".json", ".map", ".md", ".svg", ".txt", ".xml"}


@functools.cache
def compressed(path: Path, mtime: float) -> bytes:
    """Compress a file; cached until it changes."""
    return gzip.compress(path.read_bytes())


class Server(http.server.ThreadingHTTPServer):
    """Serve a folder under a path, and count requests and bytes."""

    def __init__(self, folder: Path, under: str = "/", port: int = 0):
        super().__init__(("127.0.0.1", port), Handler)
        self.folder = folder
        self.under = under
        self.url = f"http://127.0.0.1:{self.server_port}{under}"
        self.requests = 0
        self.bytes_sent = 0

    def handle_error(self, request: object, client_address: object) -> None:
        """Report errors, except those of a browser that closed its connection too early."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class Handler(http.server.SimpleHTTPRequestHandler):
    """Respond with a file, or with the site's 404 page."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # otherwise a body waits until its headers are acknowledged
    server: Server

    def do_GET(self) -> None:
        status, path = HTTPStatus.OK, self.find()
        if path is None:
            status, path = HTTPStatus.NOT_FOUND, self.server.folder / "404.html"
        headers = {"Content-Type": self.guess_type(path), "Cache-Control": "max-age=600"}
        if not path.is_file():
            body = b"Not found"
        elif path.suffix in TEXT and "gzip" in self.headers.get("Accept-Encoding", ""):
            body = compressed(path, path.stat().st_mtime)
            headers["Content-Encoding"] = "gzip"
        else:
            body = path.read_bytes()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.server.requests += 1
        self.server.bytes_sent += len(body)

    def find(self) -> Path | None:
        """Find the requested file, but never outside the folder."""
        requested = unquote(urlsplit(self.path).path)
        if not requested.startswith(self.server.under):
            return None
        folder = self.server.folder.resolve()
        path = (folder / requested.removeprefix(self.server.under)).resolve()
        if path.is_dir():
            path = path / "index.html"
        return path if path.is_file() and path.is_relative_to(folder) else None

    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def serve(folder: Path, under: str = "/", port: int = 0) -> Iterator[Server]:
    """Serve a folder until the block ends, on any free port if none is given."""
    server = Server(folder, under, port)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
