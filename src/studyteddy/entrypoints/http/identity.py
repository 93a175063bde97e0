"""Verify an address, and set a new password, over HTTP."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_openapi import APIBlueprint
from pydantic import Field

from studyteddy.application.attempts import LimitLogIns, LimitResetLetters, LimitVerificationLetters
from studyteddy.application.identity.passwords import AskForReset, ChangePassword, ResetPassword
from studyteddy.application.identity.verification import AskForVerification, VerifyEmail
from studyteddy.entrypoints.http.auth import caller, owner
from studyteddy.entrypoints.http.blueprint import blueprint
from studyteddy.entrypoints.http.protection import Protect
from studyteddy.entrypoints.http.schemas import Answer, Body, Text

LetterToken = Field(min_length=1, max_length=200, description="what follows token= in the link of the letter")
NewPassword = Field(min_length=10, max_length=1_000)


class VerificationBody(Body):
    """The token of the letter."""

    token: Text = LetterToken


class AddressBody(Body):
    """Whose password was forgotten."""

    email: Text = Field(max_length=254)


class ResetBody(Body):
    """The token of the letter, and the password to set."""

    token: Text = LetterToken
    password: Text = NewPassword


class PasswordBody(Body):
    """The password that is good now, and the one to set."""

    current_password: Text = Field(max_length=1_000)
    new_password: Text = NewPassword


class LetterOut(Answer):
    """That a letter will be sent."""

    detail: str


def letters_blueprint(
    *, verify: VerifyEmail, ask_for_reset: AskForReset, reset: ResetPassword, limit_letters: LimitResetLetters
) -> APIBlueprint:
    """The routes for people who are not logged in, by letters to their address."""
    api = blueprint("letters", tag="accounts")

    @api.post("/auth/email/verify", summary="Show that an address is mine", responses={204: None})
    def verify_email(body: VerificationBody) -> Any:
        verify(token=body.token)
        return "", 204

    @api.post("/auth/password/forgot", summary="Ask for a letter to set a password", responses={202: LetterOut})
    def forgot_password(body: AddressBody) -> Any:
        limit_letters(email=body.email, address=request.remote_addr or "")
        ask_for_reset(email=body.email)
        return _coming("If this address has an account, a letter to it is on its way.")

    @api.post("/auth/password/reset", summary="Set a password by a letter", responses={204: None})
    def reset_password(body: ResetBody) -> Any:
        reset(token=body.token, password=body.password)
        return "", 204

    return api


def passwords_blueprint(
    *,
    protect: Protect,
    ask_for_verification: AskForVerification,
    change: ChangePassword,
    limit_letters: LimitVerificationLetters,
    limit_log_ins: LimitLogIns,
) -> APIBlueprint:
    """The routes of somebody who is logged in."""
    api = blueprint("passwords", tag="accounts", protect=protect)

    @api.post("/auth/email/resend", summary="Ask for another letter to verify my address", responses={202: LetterOut})
    def resend_verification() -> Any:
        limit_letters(owner=owner())
        ask_for_verification(owner=owner())
        return _coming("A letter to your address is on its way.")

    @api.post("/auth/password/change", summary="Change my password", responses={204: None})
    def change_password(body: PasswordBody) -> Any:
        me = caller()
        with limit_log_ins(email=me.user.email, address=request.remote_addr or ""):
            change(
                owner=me.user.id,
                session_id=me.session_id,
                current_password=body.current_password,
                new_password=body.new_password,
            )
        return "", 204

    return api


def _coming(detail: str) -> Any:
    return LetterOut(detail=detail).json_ready(), 202
