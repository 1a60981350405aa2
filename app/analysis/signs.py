"""What gives the kind of a test away, by ecosystem: names of folders, marks, base classes, clients, servers. `kinds` judges."""

import re

from app.domain.evidence import Kind


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TESTS = _words("test tests testing spec specs t __tests__ src it javatests qa")
E2E_FOLDERS = _words(
    "e2e e2e-tests e2e_tests e2etests end2end end-to-end end_to_end endtoend cypress playwright browser-tests browser_tests "
    "ui-tests uitests"
)
INTEGRATION_FOLDERS = _words(
    "integration-test integration-tests integration_test integration_tests integrationtest integrationtests inttest int-test "
    "functional-tests functional_tests functionaltests functionaltest functests acceptance-tests acceptance_tests "
    "system-tests system_tests systemtests component-tests smoke-tests test-integration tests-integration it-tests itest itests"
)
# Names that products and packages carry as well: they count only right below or above a folder for tests.
INTEGRATION_BELOW = _words("integration functional acceptance system func it smoke interop requests api_tests")
UNIT_FOLDERS = _words("unit units unit-tests unit_tests unittests unittest")
TAGS = "integration|e2e|end2end|functional|acceptance|system_?test|integtest|smoke"
E2E_WORDS = _words("e2e end2end endtoend")


class Sign:
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


BUILD_TAG = Sign("//go:build +build", rf"^//\s*(?:go:build|\+build)\b[^\n]*?(?<![\w!])({TAGS})\w*")
PYTEST_MARK = Sign("pytest.mark.", rf"pytest\.mark\.({TAGS}|django_db|live|docker|selenium|playwright)\b")
PYTEST_TEST = re.compile(r"\n[ \t]*(?:async )?def test")
SPRING = (
    "SpringBootTest DataJpaTest DataMongoTest DataRedisTest JdbcTest WebMvcTest WebFluxTest QuarkusTest QuarkusIntegrationTest "
    "MicronautTest Testcontainers EmbeddedKafka AutoConfigureMockMvc ContextConfiguration SpringJUnitConfig IntegrationTest"
)
MARKERS = {
    "java": (
        Sign("@", rf"@({'|'.join(SPRING.split())})\b"),
        Sign("@Tag( @Tags( @Category( @Test(", rf"@(?:Tag|Tags|Category|Test)\([^)\n]*?\b\w*((?i:{TAGS}))\w*"),
    ),
    "csharp": (Sign("[Trait( Category(", rf"\[(?:Trait|Category|TestCategory)\([^\])\n]*?((?i:{TAGS}))"),),
    "rust": (Sign("#[cfg( #![cfg(", rf"#!?\[cfg\([^\n]*({TAGS})"),),
    "javascript": (Sign("@group", rf"@group\s+({TAGS})"),),
}
BASE_CLASSES = {
    "ruby": (
        (Kind.E2E, Sign("ApplicationSystemTestCase type:", r"<\s*(ApplicationSystemTestCase)|type: :(feature|system)\b")),
        (
            Kind.INTEGRATION,
            Sign("IntegrationTest type:", r"<\s*(ActionDispatch::IntegrationTest)|type: :(request|controller)\b"),
        ),
    ),
    "python": (
        (
            Kind.INTEGRATION,
            Sign(
                "LiveServerTestCase TransactionTestCase APITestCase",
                r"\((?:\w+\.)*(LiveServerTestCase|StaticLiveServerTestCase|TransactionTestCase|APITestCase)\)",
            ),
        ),
    ),
    "php": (
        (Kind.E2E, Sign("PantherTestCase DuskTestCase", r"extends\s+(PantherTestCase|DuskTestCase)")),
        (Kind.INTEGRATION, Sign("KernelTestCase WebTestCase", r"extends\s+(KernelTestCase|WebTestCase)")),
    ),
    "csharp": ((Kind.INTEGRATION, Sign("WebApplicationFactory<", r"\b(WebApplicationFactory)<")),),
    "javascript": ((Kind.E2E, Sign("cy.visit(", r"\b(cy\.visit)\(")),),
}

# By language family, import prefixes of what drives a browser, and of clients and servers that are the real thing.
BROWSERS = _words(
    "playwright @playwright/test playwright-core puppeteer selenium selenium-webdriver webdriverio @wdio testcafe "
    "nightwatch cypress detox splinter helium com.microsoft.playwright org.openqa.selenium com.codeborne.selenide "
    "io.github.bonigarcia github.com/chromedp/chromedp github.com/playwright-community github.com/tebeka/selenium "
    "github.com/go-rod/rod"
)
# By family and by what they reach (`app.domain.seam.SeamKind`), clients that are the real thing wherever they stand.
REACHES: dict[str, dict[str, frozenset[str]]] = {
    "python": {
        "database": _words(
            "psycopg psycopg2 asyncpg pymysql MySQLdb mysql.connector pymongo motor redis aioredis elasticsearch opensearchpy "
            "cassandra pyodbc cx_Oracle oracledb clickhouse_driver"
        ),
        "queue": _words("kafka aiokafka confluent_kafka pika aio_pika"),
        "service": _words("docker ldap3 grpc paramiko"),
    },
    "javascript": {
        "database": _words("pg mysql mysql2 mongodb mongoose redis ioredis knex @prisma/client @elastic/elasticsearch"),
        "queue": _words("kafkajs amqplib"),
        "service": _words("dockerode nodemailer"),
    },
    "go": {
        "database": _words(
            "github.com/lib/pq github.com/jackc/pgx github.com/go-sql-driver github.com/redis/go-redis github.com/go-redis "
            "github.com/gomodule/redigo go.mongodb.org/mongo-driver/mongo go.mongodb.org/mongo-driver/v2/mongo "
            "github.com/elastic/go-elasticsearch"
        ),
        "queue": _words(
            "github.com/IBM/sarama github.com/Shopify/sarama github.com/segmentio/kafka-go github.com/rabbitmq "
            "github.com/streadway/amqp"
        ),
        "service": _words("github.com/docker/docker github.com/moby/moby"),
    },
    "java": {
        "database": _words("java.sql.DriverManager redis.clients.jedis com.mongodb.client io.lettuce"),
        "service": _words("com.github.dockerjava.core com.github.dockerjava.api.DockerClient"),
    },
}
_TEST_CLIENTS = {
    "python": _words(
        "testcontainers pytest_docker pytest_postgresql pytest_httpserver fastapi.testclient starlette.testclient webtest "
        "django.test.client aiohttp.test_utils aiohttp.pytest_plugin"
    ),
    "javascript": _words("supertest testcontainers @testcontainers mongodb-memory-server chai-http light-my-request"),
    "go": _words("github.com/testcontainers github.com/ory/dockertest google.golang.org/grpc/test/bufconn"),
    "java": _words(
        "org.testcontainers org.springframework.boot.test org.springframework.test.web io.restassured "
        "com.github.tomakehurst.wiremock org.wiremock okhttp3.mockwebserver org.jboss.arquillian org.apache.curator.test "
        "redis.embedded de.flapdoodle.embed io.zonky.test org.springframework.kafka.test org.eclipse.jetty.server "
        "io.ktor.server.testing io.micronaut.test io.quarkus.test"
    ),
}
CLIENTS = {family: only.union(*REACHES[family].values()) for family, only in _TEST_CLIENTS.items()}
FAMILIES = {"typescript": "javascript", "vue": "javascript", "kotlin": "java", "scala": "java", "groovy": "java"}
# What starts a server or opens a database within the test, as it is written.
STARTS = {
    "python": Sign(
        "create_engine( create_async_engine( .test_client( TestClient( HTTPServer( MockServer( live_server httpserver postgresql "
        "docker_services httpbin psycopg.connect( psycopg2.connect(",
        r"\b(create_engine|create_async_engine|TestClient|(?:Threading)?HTTPServer|MockServer)\(|\.(test_client)\("
        r"|def test\w*\([^)]*\b(live_server|httpserver|postgresql|docker_services|httpbin)\b|\b(psycopg2?\.connect)\(",
    ),
    "javascript": Sign("createServer( request(", r"\b(createServer)\([^;]*?\)\.listen\(|\b(request)\((?:app|server)\)"),
    "go": Sign(
        "httptest.New sql.Open( grpc.NewServer(", r"\b(httptest\.New(?:TLS|Unstarted)?Server|sql\.Open|grpc\.NewServer)\("
    ),
    "java": Sign(
        "getConnection( MockWebServer( WireMockServer( ServerSocket(",
        r"\b(DriverManager\.getConnection)\(|\bnew (MockWebServer|WireMockServer|ServerSocket)\(",
    ),
}
SERVER_MODULE = re.compile(r"(?:^|[./])(?:mock|test|http|live|fake)[_-]?server(?:$|[./])", re.IGNORECASE)
# Stand-ins, with which the client's name in the test means the opposite.
FAKES = re.compile(
    r"\b(?:fakeredis|mongomock|moto|sqlmock|miniredis|pgxmock|redismock|(?:io)?redis-mock|mockgoose|pg-mem|aioresponses|respx)\b"
)
