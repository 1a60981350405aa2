"""Which libraries lead out of the repository, and to what: a database, a queue, another process, an HTTP or other service.

`app.analysis.signs` holds the clients that give an integration test away; this adds what code alone is known by.
"""

import re
from collections.abc import Mapping

from app.analysis.signs import FAMILIES, REACHES
from app.domain.seam import SeamKind


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_VERBS = _words("request get post put patch delete head options")
_D, _H, _P, _Q, _S = SeamKind.DATABASE, SeamKind.HTTP, SeamKind.SUBPROCESS, SeamKind.QUEUE, SeamKind.SERVICE
# By family; a name covers what lies below it. What has to be called in full is written in full (`os.system`).
_MORE: Mapping[str, Mapping[SeamKind, frozenset[str]]] = {
    "python": {
        _H: _words(
            "requests.Session requests.session requests.sessions.Session requests.api httpx.Client httpx.AsyncClient "
            "httpx.stream aiohttp.ClientSession aiohttp.request urllib.request.urlopen urllib.request.urlretrieve "
            "urllib.request.build_opener urllib.urlopen urllib2.urlopen urllib2.build_opener urllib3.PoolManager urllib3.request "
            "urllib3.connectionpool http.client httplib httplib2 treq pycurl tornado.httpclient"
        )
        | {f"{library}.{verb}" for library in ("requests", "httpx") for verb in _VERBS},
        _D: _words(
            "sqlite3.connect sqlalchemy.create_engine sqlalchemy.orm.Session sqlalchemy.orm.sessionmaker "
            "sqlalchemy.ext.asyncio django.db.connection django.db.connections django.db.transaction peewee sqlmodel.Session "
            "aiomysql aiopg aiosqlite duckdb influxdb pymemcache memcache pylibmc"
        ),
        _Q: _words(
            "celery.Celery celery.current_app kombu.Connection kombu.Producer kombu.Consumer kombu.pools rq.Queue nats stomp zmq"
        ),
        _P: _words(
            "subprocess os.system os.popen os.execv os.execve os.execvp os.execvpe os.spawnv os.posix_spawn pexpect plumbum sh "
            "asyncio.create_subprocess_exec asyncio.create_subprocess_shell"
        ),
        _S: _words(
            "boto3 botocore aiobotocore google.cloud azure smtplib ftplib imaplib poplib telnetlib socket.socket "
            "socket.create_connection kubernetes stripe twilio slack_sdk sendgrid hvac consul etcd3 zeep xmlrpc.client"
        ),
    },
    "javascript": {
        _H: _words(
            "axios node-fetch cross-fetch isomorphic-fetch got ky superagent needle request request-promise "
            "request-promise-native undici http.request http.get https.request https.get globalThis ofetch"
        ),
        _D: _words("sequelize typeorm sqlite3 better-sqlite3 drizzle-orm mikro-orm cassandra-driver neo4j-driver memcached"),
        _Q: _words("bull bullmq bee-queue nats mqtt @google-cloud/pubsub @aws-sdk/client-sqs"),
        _P: _words("child_process execa cross-spawn node-pty shelljs zx spawn-sync tinyexec"),
        _S: _words(
            "aws-sdk @aws-sdk @grpc/grpc-js grpc stripe twilio @sendgrid/mail @google-cloud socket.io-client "
            "net.connect net.createConnection tls.connect dgram ldapjs"
        ),
    },
    "go": {
        _H: _words(
            "net/http.Get net/http.Post net/http.PostForm net/http.Head net/http.NewRequest net/http.NewRequestWithContext "
            "net/http.DefaultClient net/http.Client github.com/go-resty/resty github.com/hashicorp/go-retryablehttp "
            "github.com/valyala/fasthttp.Client"
        ),
        _D: _words(
            "database/sql gorm.io/gorm github.com/jmoiron/sqlx go.etcd.io/bbolt github.com/elastic/go-elasticsearch "
            "github.com/mattn/go-sqlite3 github.com/Masterminds/squirrel go.etcd.io/etcd/client"
        ),
        _Q: _words("github.com/nats-io/nats.go github.com/eclipse/paho.mqtt.golang cloud.google.com/go/pubsub"),
        _P: _words("os/exec.Command os/exec.CommandContext os.StartProcess syscall.Exec"),
        _S: _words(
            "google.golang.org/grpc.Dial google.golang.org/grpc.DialContext google.golang.org/grpc.NewClient "
            "github.com/aws/aws-sdk-go github.com/aws/aws-sdk-go-v2/service k8s.io/client-go cloud.google.com/go net.Dial "
            "net.DialTimeout net.Dialer crypto/tls.Dial net/smtp github.com/hashicorp/consul/api github.com/hashicorp/vault/api"
        ),
    },
    "java": {
        _H: _words(
            "java.net.http java.net.HttpURLConnection java.net.URL.openConnection java.net.URL.openStream okhttp3 "
            "org.apache.http org.apache.hc.client5 org.springframework.web.client "
            "org.springframework.web.reactive.function.client feign retrofit2 jakarta.ws.rs.client javax.ws.rs.client "
            "org.asynchttpclient"
        ),
        _D: _words(
            "java.sql javax.sql javax.persistence jakarta.persistence org.springframework.jdbc org.springframework.data "
            "org.hibernate com.mongodb org.jooq org.apache.ibatis com.datastax.oss.driver org.elasticsearch.client "
            "co.elastic.clients org.neo4j.driver"
        ),
        _Q: _words(
            "org.apache.kafka.clients com.rabbitmq.client org.springframework.kafka org.springframework.amqp javax.jms "
            "jakarta.jms io.nats.client org.apache.pulsar.client"
        ),
        _P: _words("java.lang.ProcessBuilder java.lang.Runtime.getRuntime.exec org.zeroturnaround.exec org.apache.commons.exec"),
        _S: _words(
            "io.grpc software.amazon.awssdk.services com.amazonaws.services com.google.cloud com.azure javax.mail jakarta.mail "
            "java.net.Socket io.fabric8.kubernetes.client io.kubernetes.client"
        ),
    },
}
# What a library also offers without leaving the process: its errors, types and helpers.
_ASIDE = re.compile(
    r"^(?:exceptions?|errors?|compat|types?|typing|utils?|util|helpers?|codes|auth|adapters|structures|cookies|models?|version"
    r"|constants|status_codes|list2cmdline|quote|PIPE|DEVNULL)$"
    r"|(?:Error|Exception|Warning|Timeout|Builder|Config|Options|Auth|Status|Headers?|Type|Exists)$"
)


def kind_outside(language: str | None, target: str, names: tuple[str, ...]) -> tuple[SeamKind, str] | None:
    """What a call of `names` of the module `target` leads to, and the library's name; None where it stays in the process.

    `requests`, ("get",) -> HTTP, `requests`; `requests`, ("exceptions", "Timeout") -> None.
    """
    family = FAMILIES.get(language or "", language or "")
    target = target.removeprefix("node:")
    if target.startswith((".", "/")) or any(map(_ASIDE.search, (*re.split(r"[./]", target)[1:], *names))):
        return None
    whole = ".".join((target, *(name for name in names if name != "default")))
    for library in _beginnings(whole):
        for known in (_MORE.get(family, {}), REACHES.get(family, {})):
            for kind, libraries in known.items():
                if library in libraries:
                    return SeamKind(kind), _library(library, target)
    return None


def _library(known: str, target: str) -> str:
    """What people call it: the package, without the function that gave it away (`requests`, `net/http`, `os`)."""
    return (known if target.startswith(known) else target).removeprefix("globalThis.")


def _beginnings(whole: str) -> list[str]:
    """`os/exec.Command` -> itself, `os/exec`, `os`."""
    return [whole, *(whole[:at] for at in range(len(whole) - 1, 0, -1) if whole[at] in "./")]
