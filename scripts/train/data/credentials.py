"""Finds what looks like a credential, so that no file with one is trained on."""

import re

# Formats that issuers publish: what stands in each (searched first, since that is fast), and its full form. Each is specific enough that a
# hit in real code is a key or a realistic example of one.
_FORMS = tuple(
    (mark, re.compile(form))
    for mark, form in (
        ("PRIVATE KEY", r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----"),
        ("AKIA", r"\bAKIA[0-9A-Z]{16}\b"),
        ("ASIA", r"\bASIA[0-9A-Z]{16}\b"),
        *((f"gh{kind}_", rf"\bgh{kind}_[A-Za-z0-9]{{36}}\b") for kind in "pousr"),
        ("github_pat_", r"\bgithub_pat_[A-Za-z0-9_]{50,}"),
        ("glpat-", r"\bglpat-[A-Za-z0-9_-]{20}\b"),
        ("xox", r"\bxox[abprs]-[A-Za-z0-9-]{10,}"),
        ("AIza", r"\bAIza[0-9A-Za-z_-]{35}"),
        ("k_live_", r"\b[sr]k_live_[0-9A-Za-z]{16,}"),
        ("sk-", r"\bsk-(?:proj-|ant-)?(?=[A-Za-z0-9_-]*[0-9])[A-Za-z0-9_-]{32,}"),
        ("npm_", r"\bnpm_[A-Za-z0-9]{36}\b"),
        ("pypi-AgE", r"\bpypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]+"),
        ("SG.", r"\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}\b"),
        ("eyJ", r"\beyJ[A-Za-z0-9_-]{15,}\.eyJ[A-Za-z0-9_-]{15,}\.[A-Za-z0-9_-]{20,}"),
        ("hf_", r"\bhf_[A-Za-z]{34}\b"),
    )
)

# A literal of random-looking characters, and before it a name that says secret.
_LITERAL = re.compile(r"[\"']([A-Za-z0-9+/_=-]{24,})[\"']")
_NAMED = re.compile(r"(?i)(?:api_?key|secret|token|passw(?:or)?d)\w*[\"']?\s*[:=]\s*$")


def holds_credential(text: str) -> bool:
    if any(mark in text and form.search(text) for mark, form in _FORMS):
        return True
    return any(_NAMED.search(text, max(0, found.start() - 60), found.start()) and _looks_random(found.group(1)) for found in _LITERAL.finditer(text))


def _looks_random(value: str) -> bool:
    """Letters of both cases or hexadecimal, and digits, well mixed: words in camel case and placeholders are not."""
    digits = sum(character.isdigit() for character in value)
    return digits >= len(value) // 8 and len(set(value)) >= 12 and not re.search(r"(?i)example|dummy|placeholder|abcdef|12345", value)
