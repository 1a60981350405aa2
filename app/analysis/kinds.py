"""Whether a test is an integration, end-to-end or unit test, by ordered rules; the first that holds wins and is the reason."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from app.analysis import languages
from app.analysis.languages import Import
from app.analysis.overrides import NONE, Overrides
from app.domain.evidence import Kind, TestFile

# So many of the repository's own packages in one test are more than a unit and its collaborators: of 3,200 test files of
# twenty-one projects 96% import five or fewer, and the 1% with eight or more drive an application as a whole.
MANY_PACKAGES = 8
# What tells the kind stands early in a file.
MAX_TEXT = 100_000

# One server for so many tests is an exception in a file of unit tests.
_SHARE = 10

Verdict = tuple[Kind, str, tuple[str, ...]]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TESTS = _words("test tests testing spec specs t __tests__ src it javatests qa")
_E2E_FOLDERS = _words(
    "e2e e2e-tests e2e_tests e2etests end2end end-to-end end_to_end endtoend cypress playwright browser-tests browser_tests "
    "ui-tests uitests"
)
_INTEGRATION_FOLDERS = _words(
    "integration-test integration-tests integration_test integration_tests integrationtest integrationtests inttest int-test "
    "functional-tests functional_tests functionaltests functionaltest functests acceptance-tests acceptance_tests "
    "system-tests system_tests systemtests component-tests smoke-tests test-integration tests-integration it-tests itest itests"
)
# Names that products and packages carry as well: they count only right below or above a folder for tests.
_INTEGRATION_BELOW = _words("integration functional acceptance system func it smoke interop requests api_tests")
_UNIT_FOLDERS = _words("unit units unit-tests unit_tests unittests unittest")
_TAGS = "integration|e2e|end2end|functional|acceptance|system_?test|integtest|smoke"
_E2E_WORDS = _words("e2e end2end endtoend")


class _Sign:
    """A pattern that is only tried where one of its literal triggers stands, which for most tests none does."""

    def __init__(self, triggers: str, pattern: str) -> None:
        self._triggers = triggers.split()
        self._pattern = re.compile(pattern, re.MULTILINE)

    def all(self, text: str) -> list[re.Match[str]]:
        """Every place where the sign stands."""
        return list(self._pattern.finditer(text)) if any(trigger in text for trigger in self._triggers) else []

    def first(self, text: str) -> str | None:
        """What the first sign says: its first group that took part."""
        found = self._pattern.search(text) if any(trigger in text for trigger in self._triggers) else None
        return next(group for group in found.groups() if group) if found else None


_BUILD_TAG = _Sign("//go:build +build", rf"^//\s*(?:go:build|\+build)\b[^\n]*?(?<![\w!])({_TAGS})\w*")
_PYTEST_MARK = _Sign("pytest.mark.", rf"pytest\.mark\.({_TAGS}|django_db|live|docker|selenium|playwright)\b")
_PYTEST_TEST = re.compile(r"\n[ \t]*(?:async )?def test")
_SPRING = (
    "SpringBootTest DataJpaTest DataMongoTest DataRedisTest JdbcTest WebMvcTest WebFluxTest QuarkusTest QuarkusIntegrationTest "
    "MicronautTest Testcontainers EmbeddedKafka AutoConfigureMockMvc ContextConfiguration SpringJUnitConfig IntegrationTest"
)
_MARKERS = {
    "java": (
        _Sign("@", rf"@({'|'.join(_SPRING.split())})\b"),
        _Sign("@Tag( @Tags( @Category( @Test(", rf"@(?:Tag|Tags|Category|Test)\([^)\n]*?\b\w*((?i:{_TAGS}))\w*"),
    ),
    "csharp": (_Sign("[Trait( Category(", rf"\[(?:Trait|Category|TestCategory)\([^\])\n]*?((?i:{_TAGS}))"),),
    "rust": (_Sign("#[cfg( #![cfg(", rf"#!?\[cfg\([^\n]*({_TAGS})"),),
    "javascript": (_Sign("@group", rf"@group\s+({_TAGS})"),),
}
_BASE_CLASSES = {
    "ruby": (
        (Kind.E2E, _Sign("ApplicationSystemTestCase type:", r"<\s*(ApplicationSystemTestCase)|type: :(feature|system)\b")),
        (
            Kind.INTEGRATION,
            _Sign("IntegrationTest type:", r"<\s*(ActionDispatch::IntegrationTest)|type: :(request|controller)\b"),
        ),
    ),
    "python": (
        (
            Kind.INTEGRATION,
            _Sign(
                "LiveServerTestCase TransactionTestCase APITestCase",
                r"\((?:\w+\.)*(LiveServerTestCase|StaticLiveServerTestCase|TransactionTestCase|APITestCase)\)",
            ),
        ),
    ),
    "php": (
        (Kind.E2E, _Sign("PantherTestCase DuskTestCase", r"extends\s+(PantherTestCase|DuskTestCase)")),
        (Kind.INTEGRATION, _Sign("KernelTestCase WebTestCase", r"extends\s+(KernelTestCase|WebTestCase)")),
    ),
    "csharp": ((Kind.INTEGRATION, _Sign("WebApplicationFactory<", r"\b(WebApplicationFactory)<")),),
    "javascript": ((Kind.E2E, _Sign("cy.visit(", r"\b(cy\.visit)\(")),),
}

# By language family, import prefixes of what drives a browser, and of clients and servers that are the real thing.
_BROWSERS = _words(
    "playwright @playwright/test playwright-core puppeteer selenium selenium-webdriver webdriverio @wdio testcafe "
    "nightwatch cypress detox splinter helium com.microsoft.playwright org.openqa.selenium com.codeborne.selenide "
    "io.github.bonigarcia github.com/chromedp/chromedp github.com/playwright-community github.com/tebeka/selenium "
    "github.com/go-rod/rod"
)
_CLIENTS = {
    "python": _words(
        "testcontainers docker psycopg psycopg2 asyncpg pymysql MySQLdb mysql.connector pymongo motor redis aioredis kafka "
        "aiokafka confluent_kafka pika aio_pika elasticsearch opensearchpy cassandra pyodbc cx_Oracle oracledb "
        "clickhouse_driver ldap3 pytest_docker pytest_postgresql pytest_httpserver fastapi.testclient starlette.testclient "
        "webtest django.test.client aiohttp.test_utils aiohttp.pytest_plugin grpc paramiko"
    ),
    "javascript": _words(
        "supertest testcontainers @testcontainers pg mysql mysql2 mongodb mongoose redis ioredis kafkajs amqplib knex "
        "@prisma/client mongodb-memory-server dockerode chai-http light-my-request @elastic/elasticsearch nodemailer"
    ),
    "go": _words(
        "github.com/testcontainers github.com/ory/dockertest github.com/lib/pq github.com/jackc/pgx "
        "github.com/go-sql-driver github.com/redis/go-redis github.com/go-redis github.com/gomodule/redigo "
        "github.com/IBM/sarama github.com/Shopify/sarama github.com/segmentio/kafka-go "
        "go.mongodb.org/mongo-driver/mongo go.mongodb.org/mongo-driver/v2/mongo "
        "github.com/rabbitmq github.com/streadway/amqp github.com/docker/docker github.com/moby/moby "
        "google.golang.org/grpc/test/bufconn github.com/elastic/go-elasticsearch"
    ),
    "java": _words(
        "org.testcontainers java.sql.DriverManager org.springframework.boot.test org.springframework.test.web "
        "io.restassured com.github.tomakehurst.wiremock org.wiremock okhttp3.mockwebserver org.jboss.arquillian "
        "org.apache.curator.test redis.embedded redis.clients.jedis de.flapdoodle.embed io.zonky.test "
        "org.springframework.kafka.test org.eclipse.jetty.server com.mongodb.client io.lettuce "
        "com.github.dockerjava.core com.github.dockerjava.api.DockerClient "
        "io.ktor.server.testing io.micronaut.test io.quarkus.test"
    ),
}
_FAMILIES = {"typescript": "javascript", "vue": "javascript", "kotlin": "java", "scala": "java", "groovy": "java"}
# What starts a server or opens a database within the test, as it is written.
_STARTS = {
    "python": _Sign(
        "create_engine( create_async_engine( .test_client( TestClient( HTTPServer( MockServer( live_server httpserver postgresql "
        "docker_services httpbin psycopg.connect( psycopg2.connect(",
        r"\b(create_engine|create_async_engine|TestClient|(?:Threading)?HTTPServer|MockServer)\(|\.(test_client)\("
        r"|def test\w*\([^)]*\b(live_server|httpserver|postgresql|docker_services|httpbin)\b|\b(psycopg2?\.connect)\(",
    ),
    "javascript": _Sign("createServer( request(", r"\b(createServer)\([^;]*?\)\.listen\(|\b(request)\((?:app|server)\)"),
    "go": _Sign(
        "httptest.New sql.Open( grpc.NewServer(", r"\b(httptest\.New(?:TLS|Unstarted)?Server|sql\.Open|grpc\.NewServer)\("
    ),
    "java": _Sign(
        "getConnection( MockWebServer( WireMockServer( ServerSocket(",
        r"\b(DriverManager\.getConnection)\(|\bnew (MockWebServer|WireMockServer|ServerSocket)\(",
    ),
}
_SERVER_MODULE = re.compile(r"(?:^|[./])(?:mock|test|http|live|fake)[_-]?server(?:$|[./])", re.IGNORECASE)
# Stand-ins, with which the client's name in the test means the opposite.
_FAKES = re.compile(
    r"\b(?:fakeredis|mongomock|moto|sqlmock|miniredis|pgxmock|redismock|(?:io)?redis-mock|mockgoose|pg-mem|aioresponses|respx)\b"
)
_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


@dataclass(frozen=True, slots=True)
class _Test:
    """What the rules look at. `folders` are in lower case, `words` the parts of the file's name."""

    path: str
    folders: tuple[str, ...]
    name: str
    words: tuple[str, ...]
    language: str | None
    text: str
    imports: Sequence[Import]
    own_packages: Collection[str]
    overrides: Overrides

    @property
    def family(self) -> str:
        return _FAMILIES.get(self.language or "", self.language or "")


def kind_of(
    path: str,
    language: str | None,
    text: bytes = b"",
    own_packages: Collection[str] = (),
    overrides: Overrides = NONE,
    imports: Sequence[Import] | None = None,
) -> TestFile:
    """The test file with its kind, the slug of the rule that decided, and what that rule saw.

    `own_packages` are the packages of the repository that the test imports (`ModuleIndex.own_packages`), `imports` its imports
    where they are read already. The slugs: configured, folder, file-name, build-tag, marker, annotation, framework, client,
    server, packages, default.
    """
    *folders, file = path.split("/")
    name = file.partition(".")[0] if file.count(".") < 2 else file.rpartition(".")[0]
    words = tuple(word.lower() for part in re.split(r"[^A-Za-z0-9]+", name) for word in _parts(part))
    test = _Test(
        path,
        tuple(folder.lower() for folder in folders),
        name,
        words,
        language,
        text[:MAX_TEXT].decode("utf-8", "replace"),
        languages.imports(language, text) if imports is None else imports,
        own_packages,
        overrides,
    )
    kind, reason, names = next((said for rule in _RULES if (said := rule(test))), (Kind.UNIT, "default", ()))
    return TestFile(path, language, kind, reason, names)


def _parts(part: str) -> list[str]:
    """`cartIT` -> ["cart", "IT"]; `e2e` stays whole."""
    return [part] if part.lower() in _E2E_WORDS else _CAMEL.findall(part)


def _override(test: _Test) -> Verdict | None:
    said = test.overrides.kind(test.path)
    return (said[0], "configured", (said[1],)) if said else None


def _e2e_folder(test: _Test) -> Verdict | None:
    if test.language == "gherkin":
        return Kind.E2E, "file-name", (".feature",)
    found = next((folder for folder in test.folders if folder in _E2E_FOLDERS), None)
    return (Kind.E2E, "folder", (found,)) if found else None


def _integration_folder(test: _Test) -> Verdict | None:
    for index, folder in enumerate(test.folders):
        if folder in _INTEGRATION_FOLDERS or folder.endswith((".integrationtests", ".functionaltests", ".acceptancetests")):
            return Kind.INTEGRATION, "folder", (folder,)
        if folder in _INTEGRATION_BELOW and _stands_with_tests(test, index):
            return Kind.INTEGRATION, "folder", (folder,)
    return None


def _stands_with_tests(test: _Test, index: int) -> bool:
    """Whether a folder with a common name is one for tests: beside such a folder, in a Go tree, or the last Java package."""
    folder, around = test.folders[index], test.folders[max(0, index - 1) : index] + test.folders[index + 1 : index + 2]
    if folder == "it":
        return test.folders[max(0, index - 1) : index] == ("src",)
    if around and not _TESTS.isdisjoint(around) and around[:1] != ("src",):
        return True
    if test.language == "go":
        return folder == "integration"
    return test.family == "java" and folder in {"integration", "functional"} and index == len(test.folders) - 1


def _unit_folder(test: _Test) -> Verdict | None:
    found = next((folder for folder in test.folders if folder in _UNIT_FOLDERS or folder.endswith(".unittests")), None)
    return (Kind.UNIT, "folder", (found,)) if found else None


def _e2e_name(test: _Test) -> Verdict | None:
    found = next((word for word in test.words if word in _E2E_WORDS), None)
    if found is None and test.name.endswith((".cy", ".playwright")):
        found = test.name.rpartition(".")[2]
    return (Kind.E2E, "file-name", (found,)) if found else None


def _integration_name(test: _Test) -> Verdict | None:
    found = next((word for word in test.words if word in {"integration", "acceptance"}), None)
    if found is None and test.family == "java" and re.search(r"[a-z0-9](?:IT|ITCase)$", test.name):
        found = "IT"
    if found is None and re.search(r"\.(?:int|it)\.(?:test|spec)$", test.name):
        found = "int"
    return (Kind.INTEGRATION, "file-name", (found,)) if found else None


def _build_tag(test: _Test) -> Verdict | None:
    found = _BUILD_TAG.first(f"\n{test.text[:4000]}".partition("\npackage ")[0]) if test.language == "go" else None
    return (_kind_of_word(found), "build-tag", (found,)) if found else None


def _marker(test: _Test) -> Verdict | None:
    if test.language == "python":
        marks = _PYTEST_MARK.all(test.text)
        is_whole = any(test.text[: mark.start()].rpartition("\n")[2].startswith("pytestmark") for mark in marks)
        # A mark on a few tests of many does not make the file.
        if marks and (is_whole or 2 * len(marks) >= len(_PYTEST_TEST.findall(test.text))):
            return _kind_of_word(marks[0][1]), "marker", (f"pytest.mark.{marks[0][1]}",)
        return None
    found = next((said for sign in _MARKERS.get(test.family, ()) if (said := sign.first(test.text))), None)
    return (_kind_of_word(found), "annotation", (found,)) if found else None


def _base_class(test: _Test) -> Verdict | None:
    for kind, sign in _BASE_CLASSES.get(test.family, ()):
        if found := sign.first(test.text):
            return kind, "framework", (found,)
    return None


def _e2e_tool(test: _Test) -> Verdict | None:
    found = next(_imported(test, _BROWSERS), None)
    return (Kind.E2E, "framework", (found,)) if found else None


def _client(test: _Test) -> Verdict | None:
    for target in _imported(test, _CLIENTS.get(test.family, frozenset())):
        if not _is_own(test, target) and not _is_faked(test, target):
            return Kind.INTEGRATION, "client", (target,)
    return None


def _imported(test: _Test, prefixes: frozenset[str]) -> Iterator[str]:
    """The import targets that are one of the prefixes or lie below one."""
    for each in test.imports:
        target = each.target
        if not target.startswith(".") and any(target[:end] in prefixes for end in _ends(target)):
            yield target


def _ends(target: str) -> Iterator[int]:
    """Where the parts of a dotted or slashed name end."""
    yield len(target)
    for index, sign in enumerate(target):
        if sign in "./":
            yield index


def _is_own(test: _Test, target: str) -> bool:
    """Whether the repository is itself what is imported: the tests of a redis client, or of a module of that name."""
    if test.family == "java":
        package = target.rpartition(".")[0].replace(".", "/")
        return any(own.endswith(package) for own in test.own_packages)
    top = re.split(r"[./]", target)[0]
    return test.family != "go" and any(top in own.split("/") for own in test.own_packages)


def _is_faked(test: _Test, target: str) -> bool:
    """Whether a stand-in takes the place of the real thing."""
    if _FAKES.search(test.text):
        return True
    top = re.split(r"[./]", target)[0]
    return any(f"{call}({quote}{top}" in test.text for call in ("patch", "mock", "doMock") for quote in "'\"")


def _starts_server(test: _Test) -> Verdict | None:
    found = next((each.target for each in test.imports if _SERVER_MODULE.search(each.target)), None)
    sign = _STARTS.get(test.family)
    if found is None and sign is not None and (starts := sign.all(test.text)) and not _FAKES.search(test.text):
        # In Go each test starts its own server, so one among many tests does not make the file.
        if test.language == "go" and _SHARE * len(starts) < test.text.count("\nfunc Test"):
            return None
        found = next(group for group in starts[0].groups() if group)
    return (Kind.INTEGRATION, "server", (found,)) if found else None


def _own_packages(test: _Test) -> Verdict | None:
    if len(test.own_packages) < MANY_PACKAGES:
        return None
    return Kind.INTEGRATION, "packages", tuple(sorted(test.own_packages))


def _kind_of_word(word: str) -> Kind:
    return Kind.E2E if word.lower() in {"e2e", "end2end", "selenium", "playwright"} else Kind.INTEGRATION


_RULES: tuple[Callable[[_Test], Verdict | None], ...] = (
    _override,
    _e2e_folder,
    _integration_folder,
    _unit_folder,
    _e2e_name,
    _integration_name,
    _build_tag,
    _marker,
    _base_class,
    _e2e_tool,
    _client,
    _starts_server,
    _own_packages,
)
