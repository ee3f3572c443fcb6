"""Description and documentation of the API, for signed-in officers."""

from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView


class SchemaView(SpectacularAPIView):
    """OpenAPI 3.1, as JSON or, when asked for, YAML."""

    renderer_classes = [OpenApiJsonRenderer, OpenApiYamlRenderer]


class DocsView(SpectacularSwaggerSplitView):
    """The same to read and to try. No inline script or style: see the Content-Security-Policy."""

    template_name = "api/docs.html"
