"""What the WebAuthn library says of a passkey; loaded only where passkeys are used."""

from __future__ import annotations

from hashlib import sha256

from msgspec import Struct
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from wardlight.views.staff import Account
from wardlight.web.access.challenges import plain
from wardlight.web.access.credentials import Passkey

NAME = "Wardlight"
HANDLE_BYTES = 16


class Party(Struct, frozen=True):
    """The address a passkey is bound to."""

    host: str  # the name alone
    origin: str  # https://name:port


def options_to_add(party: Party, account: Account, held: tuple[Passkey, ...], nonce: bytes) -> str:
    """Return what a browser needs to make a passkey for somebody, as JSON."""
    options = generate_registration_options(
        rp_id=party.host,
        rp_name=NAME,
        user_name=account.account,
        user_display_name=account.name,
        user_id=sha256(account.account.encode()).digest()[:HANDLE_BYTES],
        challenge=nonce,
        exclude_credentials=[PublicKeyCredentialDescriptor(id=plain(one.id)) for one in held],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
    )
    return options_to_json(options)


def options_to_enter(party: Party, nonce: bytes) -> str:
    """Return what a browser needs to sign in with any passkey of this address, as JSON."""
    options = generate_authentication_options(
        rp_id=party.host,
        challenge=nonce,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


def added(party: Party, answer: str, nonce: bytes) -> Passkey | None:
    """Return the passkey a browser made; None when what it sent does not hold."""
    try:
        made = verify_registration_response(
            credential=answer,
            expected_challenge=nonce,
            expected_rp_id=party.host,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return None
    return Passkey(
        id=bytes_to_base64url(made.credential_id),
        public_key=bytes_to_base64url(made.credential_public_key),
        sign_count=made.sign_count,
    )


def entered(party: Party, answer: str, nonce: bytes, held: Passkey) -> int | None:
    """Return the new count of a passkey that proved itself; None when it did not."""
    try:
        proved = verify_authentication_response(
            credential=answer,
            expected_challenge=nonce,
            expected_rp_id=party.host,
            expected_origin=party.origin,
            credential_public_key=plain(held.public_key),
            credential_current_sign_count=held.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return None
    return proved.new_sign_count
