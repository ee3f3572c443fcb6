"""Error pages, health, and the page that shows every part."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.ui import style


@login_not_required
def health(request: HttpRequest) -> HttpResponse:
    """Answers when the server does. Says nothing about what it holds."""
    return HttpResponse("ok", content_type="text/plain")


def style_page(request: HttpRequest) -> HttpResponse:
    """Every part of the pages with invented content, for those who build and test them."""
    return render(request, "ui/style.html", style.sample(request))


def style_map(request: HttpRequest) -> HttpResponse:
    """The features of the style page's map."""
    return style.features()


def style_panel(request: HttpRequest) -> HttpResponse:
    """The fragment that the style page loads after itself."""
    return render(request, "ui/style_panel.html")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The same page for hidden and unknown (R17): nothing of the exception is shown."""
    return render(request, "404.html", status=404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Says the reason that the view gave."""
    return render(request, "403.html", {"reason": str(exception or "")}, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Drawn without the page's context, which may be what broke."""
    return render(None, "500.html", status=500)
