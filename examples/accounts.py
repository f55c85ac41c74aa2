"""accounts - what every portal says of an account, and which failed payments another account can mend."""

# Why a payment fails: what the payee's own account can mend, and what passes by itself.
ACCOUNT_REASONS = ("ACCT_", "PROVIDER_REJECTED")
PASSING_CODES = {"AB05", "AB06", "AB07", "AB08", "AM21", "TM01"}

TABLES = """
CREATE TABLE IF NOT EXISTS relink (     -- one for each failed payment that another account can mend
  cause TEXT PRIMARY KEY, payee_ref TEXT, revision INTEGER, linked_at TEXT);
"""


def mendable(reasons):
    """The payee's account is at fault, and not the gateway or the hour."""
    return any(reason.startswith(ACCOUNT_REASONS) for reason in reasons) and not PASSING_CODES.intersection(reasons)


def account(payee_ref, payee_kind, partner, scheme, linked_at, revision=1, currency="IDR"):
    """The members of account.linked that every payee has; the rest is left to the caller."""
    return {
        "payee_kind": payee_kind,
        "payee_ref": payee_ref,
        "revision": revision,
        "partner": partner,
        "account_scheme": scheme,
        "holder_national_id": None,
        "business_registration_no": None,
        "msisdn": None,
        "kyc_level": None,
        "active": True,
        "currency": currency,
        "headroom": None,
        "linked_at": linked_at,
        "unlinked": False,
    }


def relink(book, payee_ref, cause, linked_at):
    """The next revision of an account, one for each cause however often it is told: its number and its time."""
    book.execute("INSERT OR IGNORE INTO relink SELECT ?, ?, 2 + count(*), ? FROM relink WHERE payee_ref = ?",
                 (cause, payee_ref, linked_at.isoformat(), payee_ref))
    return book.execute("SELECT revision, linked_at FROM relink WHERE cause = ?", (cause,)).fetchone()
