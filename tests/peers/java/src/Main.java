import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/** Serves SAPL on a case, by the orders that ../worker describes. */
public final class Main {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Decisions before the first order: a virtual machine compiles what was called often. */
    private static final long WARM_UP_NS = 4_000_000_000L;

    private Main() {}

    public static void main(String[] args) throws Exception {
        if (args.length != 2 || !args[0].equals("sapl")) {
            throw new IllegalArgumentException("the engine `sapl` and a folder are wanted");
        }
        Path folder = Path.of(args[1]);
        String source = Files.readString(folder.resolve("policies.sapl"));
        // What the virtual machine loads of SAPL itself is not what the policy takes.
        new Sapl("policy \"nothing\" permit false;").close();
        long before = resident();
        long began = System.nanoTime();
        Sapl engine;
        try {
            engine = new Sapl(source);
        } catch (RuntimeException | OutOfMemoryError | StackOverflowError refusal) {
            say("{\"refused\":%s}", JSON.writeValueAsString(String.valueOf(refusal.getMessage()).lines().findFirst().orElse("")));
            return;
        }
        long loadNs = System.nanoTime() - began;
        long loaded = resident();
        World world = World.read(folder);
        engine.ready(world);
        warmUp(engine, world.requests().size());
        say("{\"load_ns\":%d,\"bytes\":%d,\"requests\":%d,\"memory\":{\"before_kb\":%d,\"loaded_kb\":%d}}", loadNs,
                source.getBytes(StandardCharsets.UTF_8).length, world.requests().size(), before, loaded);
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            String[] words = order.split(" ");
            switch (words[0]) {
                case "quit" -> {
                    say("{\"peak_kb\":%d}", status("VmHWM:"));
                    return;
                }
                case "load" -> {
                    System.gc();
                    long start = System.nanoTime();
                    new Sapl(source).close();
                    say("{\"ns\":%d}", System.nanoTime() - start);
                }
                default -> run(engine, world.requests().size(), words);
            }
        }
    }

    private static void warmUp(Sapl engine, int requests) {
        long began = System.nanoTime();
        for (int at = 0; System.nanoTime() - began < WARM_UP_NS; at = (at + 1) % requests) {
            engine.fromBytes(at);
            engine.prepared(at);
        }
    }

    private static void run(Sapl engine, int requests, String[] words) {
        boolean bytes = words[1].equals("bytes");
        int from = Integer.parseInt(words[2]);
        int count = Integer.parseInt(words[3]);
        switch (words[0]) {
            case "decide" -> {
                StringBuilder letters = new StringBuilder(count);
                for (int at = 0; at < count; at++) {
                    letters.append(decide(engine, bytes, (from + at) % requests));
                }
                say("{\"decisions\":\"%s\"}", letters);
            }
            case "pass" -> {
                long began = System.nanoTime();
                for (int at = 0; at < count; at++) {
                    decide(engine, bytes, (from + at) % requests);
                }
                say("{\"ns\":%d}", System.nanoTime() - began);
            }
            case "each" -> {
                long[] each = new long[count];
                for (int at = 0; at < count; at++) {
                    long began = System.nanoTime();
                    decide(engine, bytes, (from + at) % requests);
                    each[at] = System.nanoTime() - began;
                }
                say("{\"each\":[%s]}", Arrays.stream(each).mapToObj(Long::toString).collect(Collectors.joining(",")));
            }
            default -> throw new IllegalArgumentException("no order: " + words[0]);
        }
    }

    private static char decide(Sapl engine, boolean bytes, int at) {
        return bytes ? engine.fromBytes(at) : engine.prepared(at);
    }

    private static void say(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }

    /** Resident memory in kilobytes, without what is garbage already. */
    private static long resident() throws Exception {
        System.gc();
        return status("VmRSS:");
    }

    /** A figure of this process in kilobytes; 0 where the system does not tell. */
    private static long status(String name) throws Exception {
        Path file = Path.of("/proc/self/status");
        if (!Files.exists(file)) {
            return 0;
        }
        return Files.readAllLines(file).stream().filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).findFirst().orElse(0);
    }
}
