#!/usr/bin/env python3
"""Solves a challenge for one anonymous upload and prints what goes into its header Altcha:

    curl -T FILE -H "Altcha: $(python3 altcha.py http://127.0.0.1:8888)" http://127.0.0.1:8888/upload/

Takes a second or so; what it prints is good for one request within ten minutes.
"""
import base64
import hashlib
import json
import sys
import urllib.request


def solve(challenge):
    """The number for which the SHA-256 of salt and number is the one that the challenge names."""
    salt = hashlib.sha256(challenge["salt"].encode())
    for number in range(challenge["maxnumber"] + 1):
        attempt = salt.copy()
        attempt.update(str(number).encode())
        if attempt.hexdigest() == challenge["challenge"]:
            return number
    sys.exit("this challenge has no solution")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: altcha.py URL, the address of the server without /upload")
    try:
        with urllib.request.urlopen(sys.argv[1].rstrip("/") + "/challenge") as answer:
            challenge = json.load(answer)
    except OSError as e:
        sys.exit(f"no challenge from {sys.argv[1]}: {e}")
    print(base64.b64encode(json.dumps(challenge | {"number": solve(challenge)}).encode()).decode())
