import org.jacoco.agent.rt.IAgent;
import org.jacoco.agent.rt.RT;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/** Names JaCoCo's session after each test, and dumps what it ran under that name. */
public class RecallListener implements TestExecutionListener {
    private final IAgent agent = RT.getAgent();
    private final String between = agent.getSessionId();

    @Override
    public void executionStarted(TestIdentifier test) {
        if (test.isTest()) begin(name(test));
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (test.isTest()) begin(between);
    }

    private void begin(String session) {
        try {
            agent.dump(true);
        } catch (java.io.IOException error) {
            throw new java.io.UncheckedIOException(error);
        }
        agent.setSessionId(session);
    }

    private static String name(TestIdentifier test) {
        MethodSource method = (MethodSource) test.getSource().filter(MethodSource.class::isInstance).orElse(null);
        if (method != null) return method.getClassName() + "#" + method.getMethodName();
        ClassSource type = (ClassSource) test.getSource().filter(ClassSource.class::isInstance).orElse(null);
        return type != null ? type.getClassName() + "#" + test.getDisplayName() : test.getDisplayName();
    }
}
