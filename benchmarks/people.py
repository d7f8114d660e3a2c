"""Invented staff of a benchmark's node, and how they sign in."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

PROGRAM = Path(sys.executable).with_name("wardlight")


def hired(data: Path, how_many: int, role: str = "nurse") -> list[tuple[str, list[str]]]:
    """Add people to a folder whose node does not run; return their accounts and card codes."""
    people = []
    for number in range(how_many):
        account = f"bench{number}"
        command = [
            str(PROGRAM), "staff", "add", account, "--name", f"RN Bench {number}",
            "--role", role, "--data", str(data), "--json",
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        people.append((account, json.loads(done.stdout)["codes"]))
    return people


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def signed_in(port: int, account: str, code: str) -> str:
    """Sign somebody in with a one-time code; return the cookies their browser would send."""
    form = urllib.parse.urlencode({"account": account, "card": code, "next": "/"}).encode()
    opener = urllib.request.build_opener(_Stay)
    try:
        answer = opener.open(f"http://127.0.0.1:{port}/sign-in", form, timeout=10)
    except urllib.error.HTTPError as redirect:
        answer = redirect
    cookies = answer.headers.get_all("set-cookie") or []
    return "; ".join(one.partition(";")[0] for one in cookies)
