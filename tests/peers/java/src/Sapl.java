import io.sapl.api.model.ObjectValue;
import io.sapl.api.model.TextValue;
import io.sapl.api.model.Value;
import io.sapl.api.model.jackson.SaplJacksonModule;
import io.sapl.api.pdp.AuthorizationDecision;
import io.sapl.api.pdp.AuthorizationSubscription;
import io.sapl.api.pdp.Decision;
import io.sapl.api.pdp.configuration.CombiningAlgorithm;
import io.sapl.api.pdp.configuration.PDPConfiguration;
import io.sapl.api.pdp.configuration.PdpData;
import io.sapl.pdp.BlockingPolicyDecisionPoint;
import io.sapl.pdp.PDPComponents;
import io.sapl.pdp.PolicyDecisionPointBuilder;
import java.util.Arrays;
import java.util.Map;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/** A decision point over a case's policies, with its requests. Decisions are the letters of ../worker; 'x' is a failure. */
final class Sapl implements AutoCloseable {
    private final PDPComponents components;
    private final BlockingPolicyDecisionPoint decisions;
    private final ObjectReader reader =
            JsonMapper.builder().addModule(new SaplJacksonModule()).build().readerFor(Value.class);
    private World world;
    private AuthorizationSubscription[] prepared;

    /** The policies, a blank line between them; the index that SAPL chooses by itself; what is denied by one is denied. */
    Sapl(String source) {
        PDPConfiguration configuration = new PDPConfiguration("default", "agents", CombiningAlgorithm.DEFAULT, Value.EMPTY_OBJECT,
                Arrays.asList(source.split("\n\n")), new PdpData(Value.EMPTY_OBJECT, Value.EMPTY_OBJECT));
        components = PolicyDecisionPointBuilder.withDefaults().withConfiguration(configuration).build();
        decisions = components.pdp();
    }

    void ready(World world) {
        this.world = world;
        prepared = world.requests().stream().map(this::read).toArray(AuthorizationSubscription[]::new);
    }

    /** The session asks to do what the verb says with the account, in the circumstances that the arguments are. */
    private AuthorizationSubscription read(World.Request request) {
        ObjectValue call = reader.readValue(request.line());
        ObjectValue arguments = (ObjectValue) call.get("args");
        Map<String, Value> accounts = world.accounts();
        Value account = accounts.get(((TextValue) arguments.get("account")).value());
        return new AuthorizationSubscription(world.sessions().get(request.session()), call.get("verb"), account, arguments, Value.EMPTY_OBJECT);
    }

    char fromBytes(int at) {
        return decide(read(world.requests().get(at)));
    }

    char prepared(int at) {
        return decide(prepared[at]);
    }

    /** Each permit says by an obligation what it is: a grant, a gate or an escalation. */
    private char decide(AuthorizationSubscription subscription) {
        AuthorizationDecision decision = decisions.decideOnce(subscription);
        if (decision.decision() == Decision.DENY) {
            return 'd';
        }
        if (decision.decision() != Decision.PERMIT) {
            return 'x';
        }
        boolean granted = false;
        boolean gated = false;
        boolean escalated = false;
        for (Value obligation : decision.obligations()) {
            switch (((TextValue) obligation).value()) {
                case "allow" -> granted = true;
                case "gate" -> gated = true;
                case "escalate" -> escalated = true;
                default -> {
                    return 'x';
                }
            }
        }
        if (!granted) {
            return 'd';
        }
        if (escalated) {
            return 'e';
        }
        return gated ? 'p' : 'a';
    }

    @Override
    public void close() {
        components.close();
    }
}
