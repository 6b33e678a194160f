"""A client of Log Manager: records sessions, and reads entries over REST and GraphQL."""

import os
import time
import uuid
from urllib.parse import urljoin

import requests

URL = os.environ.get("LOG_MANAGER_URL", "http://127.0.0.1:4000")
KEY = os.environ.get("LOG_MANAGER_KEY")
MAX_ATTEMPTS = 6
TIMEOUT_SECONDS = 60

http = requests.Session()
if KEY:
    http.headers["Authorization"] = f"Bearer {KEY}"


class LogManagerError(Exception):
    """An error that the server answered with. Decide by `code`; messages may change."""

    def __init__(self, error):
        super().__init__(error["message"])
        extensions = error["extensions"]
        self.code = extensions["code"]
        #: Whether the same request may succeed when it is sent again unchanged.
        self.retryable = extensions["retryable"]
        #: The rules that the input breaks: a list of {"path": …, "message": …}.
        self.violations = extensions.get("violations", [])
        #: RESULT_TOO_LARGE: an end time with which the result is small enough.
        self.retry_end_time = extensions.get("retryEndTime")
        #: Seconds to wait before the request is sent again, or None.
        self.retry_after = extensions["retryAfterMs"] / 1000 if "retryAfterMs" in extensions else None


def check(response):
    """Returns the JSON of an answer. Raises LogManagerError if the answer is an error."""
    try:
        body = response.json()
    except requests.JSONDecodeError:
        response.raise_for_status()
        raise
    if isinstance(body, dict) and body.get("errors"):
        raise LogManagerError(body["errors"][0])
    return body


def record(session):
    """Records a session, and sends it again while that may help. Returns the number of its actions.

    All attempts bear the same idempotency key, so that the session is stored once.
    """
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    for attempt in range(1, MAX_ATTEMPTS + 1):
        wait = None
        try:
            response = http.post(f"{URL}/logs/", json=session, headers=headers, timeout=TIMEOUT_SECONDS)
            check(response)
            return int(response.headers["Recorded-Count"])
        except LogManagerError as error:
            if not error.retryable or attempt == MAX_ATTEMPTS:
                raise
            wait = error.retry_after
        except requests.RequestException:
            # No answer: the connection broke, or a proxy answered.
            if attempt == MAX_ATTEMPTS:
                raise
        time.sleep(0.1 * 2**attempt if wait is None else wait)


def read_pages(limit=1000, **filters):
    """All entries that match, page by page. Filters: user, type, start_time, end_time."""
    url, params = f"{URL}/logs/", {**filters, "limit": limit}
    while url:
        response = http.get(url, params=params, timeout=TIMEOUT_SECONDS)
        yield check(response)
        following = response.links.get("next")
        # The address of the next page has all parameters in it.
        url, params = following and urljoin(response.url, following["url"]), None


def graphql(query, **variables):
    """Executes a GraphQL document. Returns its `data`."""
    body = {"query": query, "variables": variables}
    return check(http.post(f"{URL}/graphql", json=body, timeout=TIMEOUT_SECONDS))["data"]
