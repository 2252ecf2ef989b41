import io.sapl.api.model.ObjectValue;
import io.sapl.api.model.Value;
import io.sapl.api.model.ValueJsonMarshaller;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a host holds besides the policy, and the requests. */
record World(List<Value> sessions, Map<String, Value> accounts, List<Request> requests) {
    /** A call as it comes, and the session that it comes in by. */
    record Request(int session, byte[] line) {}

    static World read(Path folder) throws Exception {
        JsonMapper json = JsonMapper.builder().build();
        List<Value> sessions = new ArrayList<>();
        for (JsonNode session : json.readTree(Files.readString(folder.resolve("sessions.json")))) {
            sessions.add(ValueJsonMarshaller.fromJsonNode(session));
        }
        Map<String, Value> accounts = new HashMap<>();
        for (JsonNode account : json.readTree(Files.readString(folder.resolve("accounts.json")))) {
            accounts.put(account.get("id").asString(), (ObjectValue) ValueJsonMarshaller.fromJsonNode(account));
        }
        List<Request> requests = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve("requests.txt"))) {
            int space = line.indexOf(' ');
            requests.add(new Request(Integer.parseInt(line.substring(0, space)), line.substring(space + 1).getBytes(StandardCharsets.UTF_8)));
        }
        return new World(sessions, accounts, requests);
    }
}
