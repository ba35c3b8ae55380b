"""Signing in to the API with a token, and signing out."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth import authenticate
from django.contrib.auth.signals import user_logged_in
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from knox.auth import TokenAuthentication
from knox.models import AuthToken, get_token_model
from knox.settings import knox_settings
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from workflow.api.actions import ErrorSerializer
from workflow.api.base import DeskApiView


class LockedOut(exceptions.APIException):
    """Too many wrong passwords for this account (I02)."""

    status_code = 429
    default_code = "locked_out"
    sentence = _("Too many failed log-ins. Try again in 30 minutes.")


class WrongPassword(exceptions.APIException):
    """One answer for an unknown user and a wrong password (I02)."""

    status_code = 401
    default_code = "invalid_login"
    sentence = _("User name or password is not right.")
    auth_header = "Token"


class TooManyTokens(exceptions.APIException):
    """The person has as many valid tokens as one may have."""

    status_code = 409
    default_code = "too_many_tokens"
    sentence = _("You hold too many tokens already. Log out with one of them first.")


class LoginSerializer(serializers.Serializer[Any]):
    """User name and password."""

    username = serializers.CharField(max_length=40)
    password = serializers.CharField(max_length=200, style={"input_type": "password"})


class PersonSerializer(serializers.ModelSerializer[User]):
    """Who the token belongs to."""

    organisation = serializers.CharField(source="organisation.label")
    roles = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields: ClassVar = ["username", "name", "staff_no", "organisation", "language", "roles"]

    def get_roles(self, user: User) -> list[str]:
        """Codes of the roles held."""
        return sorted(user.roles)


class TokenSerializer(serializers.Serializer[Any]):
    """The token is shown this once."""

    token = serializers.CharField()
    expiry = serializers.DateTimeField()
    user = PersonSerializer()


class LoginApiView(DeskApiView):
    """User name and password give a token: ``Authorization: Token <token>``."""

    authentication_classes = ()
    permission_classes = ()

    @extend_schema(
        tags=["auth"],
        request=LoginSerializer,
        responses={
            200: TokenSerializer,
            400: ErrorSerializer,
            401: ErrorSerializer,
            409: ErrorSerializer,
            429: ErrorSerializer,
        },
    )
    def post(self, request: Request) -> Response:
        """Five wrong passwords lock the account for 30 minutes, here as on the page."""
        given = LoginSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        browser = request._request
        user = authenticate(browser, **given.validated_data)
        if getattr(browser, "axes_locked_out", False):
            browser.axes_locked_out = False  # type: ignore[attr-defined] # the answer is JSON
            raise LockedOut
        if not isinstance(user, User):
            raise WrongPassword
        tokens = get_token_model().objects.filter(user=user, expiry__gt=timezone.now())
        if tokens.count() >= knox_settings.TOKEN_LIMIT_PER_USER:
            raise TooManyTokens
        row, token = AuthToken.objects.create(user=user)
        user_logged_in.send(sender=User, request=browser, user=user)
        answer = {"token": token, "expiry": row.expiry, "user": user}
        return Response(TokenSerializer(answer).data)


class LogoutApiView(DeskApiView):
    """The token is worth nothing afterwards."""

    authentication_classes = (TokenAuthentication,)

    @extend_schema(tags=["auth"], request=None, responses={204: None, 401: ErrorSerializer})
    def post(self, request: Request) -> Response:
        """Forget the token this request came with."""
        request.auth.delete()
        return Response(status=204)


class MeApiView(DeskApiView):
    """The person behind the token or the session."""

    @extend_schema(tags=["auth"], responses={200: PersonSerializer, 401: ErrorSerializer})
    def get(self, request: Request) -> Response:
        """Name, unit, language, roles."""
        return Response(PersonSerializer(self.person).data)


class NoSuchAddress(DeskApiView):
    """Whatever is not an address of the API: the envelope, not a page."""

    authentication_classes = ()
    permission_classes = ()
    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """404 whatever the method."""
        super().initial(request, *args, **kwargs)
        raise exceptions.NotFound
