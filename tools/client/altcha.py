#!/usr/bin/env python3
"""Solves the challenge for one anonymous upload, and prints the value of its header Altcha:

    curl -T FILE -H "Altcha: $(python3 altcha.py http://127.0.0.1:8888)" http://127.0.0.1:8888/upload/

It takes about a second; the value is valid for one request within ten minutes. Exit status: 0 if the challenge was solved, 1
if there is none (a sentence on standard error says why), 2 for wrong usage.
"""
import base64
import hashlib
import http.client
import json
import sys
import urllib.error
import urllib.request

USAGE = "usage: altcha.py URL, the address of the server without /upload, such as https://backup.example.org"
SECONDS = 60


class NoChallenge(Exception):
    """There is no challenge to solve; the message says why."""


def fetch(url):
    """Fetches a challenge from the server."""
    try:
        with urllib.request.urlopen(url.rstrip("/") + "/challenge", timeout=SECONDS) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as e:
        if e.code == 404:
            raise NoChallenge("there is none at this address: anonymous uploads are off or take no challenge, or the path is"
                              " wrong") from e
        raise NoChallenge(f"the answer is {e.code}; the address is given without /upload") from e
    except urllib.error.URLError as e:
        raise NoChallenge(f"the server cannot be reached: {e.reason}") from e
    except (json.JSONDecodeError, UnicodeDecodeError) as e:
        raise NoChallenge("the answer is not JSON: this is another server, or a proxy answers in its place") from e
    except (http.client.InvalidURL, ValueError) as e:
        raise NoChallenge(f"this is no address: {e}") from e
    except (OSError, http.client.HTTPException) as e:
        raise NoChallenge("the connection broke, or what listens there does not speak HTTP") from e


def solve(challenge):
    """Finds the number for which the SHA-256 of salt and number is the one in the challenge."""
    try:
        wanted, last = challenge["challenge"], int(challenge["maxnumber"])
        salt = hashlib.sha256(challenge["salt"].encode())
    except (AttributeError, KeyError, TypeError, ValueError) as e:
        raise NoChallenge("the answer is JSON, but no challenge: this is another server") from e
    for number in range(last + 1):
        attempt = salt.copy()
        attempt.update(str(number).encode())
        if attempt.hexdigest() == wanted:
            return number
    raise NoChallenge("the challenge has no solution")


def main():
    if len(sys.argv) != 2 or not sys.argv[1].lower().startswith(("http://", "https://")):
        print(USAGE, file=sys.stderr)
        return 2
    try:
        challenge = fetch(sys.argv[1])
        solution = challenge | {"number": solve(challenge)}
    except NoChallenge as e:
        print(f"altcha.py: no challenge from {sys.argv[1]}: {e}", file=sys.stderr)
        return 1
    print(base64.b64encode(json.dumps(solution).encode()).decode())
    return 0


if __name__ == "__main__":
    sys.exit(main())
