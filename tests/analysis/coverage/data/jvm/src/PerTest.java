import java.io.IOException;
import java.io.UncheckedIOException;
import org.jacoco.agent.rt.IAgent;
import org.jacoco.agent.rt.RT;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/** Writes JaCoCo's data after every test, under its name. What runs before the first test of a class counts as that test's. */
public class PerTest implements TestExecutionListener {
    private final IAgent agent = RT.getAgent();
    private final String between = agent.getSessionId();

    @Override
    public void executionStarted(TestIdentifier test) {
        if (!test.isTest()) write(between);
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        write(test.getSource().filter(MethodSource.class::isInstance).map(MethodSource.class::cast).filter(method -> test.isTest())
            .map(method -> method.getClassName() + "#" + method.getMethodName()).orElse(between));
    }

    private void write(String session) {
        agent.setSessionId(session);
        try {
            agent.dump(true);
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }
}
