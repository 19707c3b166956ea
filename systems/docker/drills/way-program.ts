/**
 * Forwards connections, with the Java of Elasticsearch's own image, from this source. Arguments: the port of the gate, how names in the scene
 * begin; and, of what is reached outside, port, host, port there. A host is looked up for each connection.
 *
 * The gate is asked in a line, `token name port`, and answers with the port at which it forwards to that one, for whoever asks from the same
 * address alone; it answers nothing when nobody listens there.
 */
export const wayProgram = `
import java.io.*;
import java.net.*;
import java.util.*;

public class Way {
  static final Map<String, Integer> open = new HashMap<>();

  public static void main(String[] a) throws Exception {
    if (a.length > 2) {
      ServerSocket server = new ServerSocket(Integer.parseInt(a[2]), 256);
      start(() -> forward(server, null, a[3], Integer.parseInt(a[4])));
    }
    ServerSocket gate = new ServerSocket(Integer.parseInt(a[0]), 256);
    for (;;) {
      Socket asking = gate.accept();
      start(() -> answer(asking, a[1]));
    }
  }

  static void answer(Socket asking, String prefix) {
    try {
      asking.setSoTimeout(5000);
      String[] words = new BufferedReader(new InputStreamReader(asking.getInputStream())).readLine().split(" ");
      if (words.length == 3 && words[0].equals(System.getenv("WAY_TOKEN")) && words[1].startsWith(prefix)) {
        int port = Integer.parseInt(words[2]);
        connect(words[1], port).close();
        asking.getOutputStream().write((opened(asking.getInetAddress(), words[1], port) + "\\n").getBytes());
      }
    } catch (IOException | RuntimeException e) {
      System.err.println("gate " + e);
    }
    close(asking);
  }

  static synchronized int opened(InetAddress only, String host, int port) throws IOException {
    String key = only + " " + host + " " + port;
    Integer there = open.get(key);
    if (there != null) return there;
    ServerSocket server = new ServerSocket(0, 256);
    start(() -> forward(server, only, host, port));
    open.put(key, server.getLocalPort());
    return server.getLocalPort();
  }

  static void forward(ServerSocket server, InetAddress only, String host, int port) {
    for (;;) {
      try {
        Socket from = server.accept();
        if (only != null && !only.equals(from.getInetAddress())) close(from);
        else start(() -> join(from, host, port));
      } catch (IOException e) {
        System.err.println(e);
        System.exit(1);
      }
    }
  }

  static void join(Socket from, String host, int port) {
    try {
      Socket to = connect(host, port);
      Thread there = start(() -> copy(from, to));
      copy(to, from);
      there.join();
      close(to);
    } catch (IOException | InterruptedException e) {
      System.err.println(host + ":" + port + " " + e);
    }
    close(from);
  }

  static Socket connect(String host, int port) throws IOException {
    Socket to = new Socket();
    to.connect(new InetSocketAddress(InetAddress.getByName(host), port), 10000);
    return to;
  }

  static Thread start(Runnable work) {
    Thread t = new Thread(null, work, "way", 65536);
    t.setDaemon(true);
    t.start();
    return t;
  }

  static void copy(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException e) {
      close(from);
      close(to);
    }
  }

  static void close(Socket s) {
    try { s.close(); } catch (IOException e) { }
  }
}
`;

/** Where images of Elasticsearch and OpenSearch bring their Java; $1… are the program's arguments. */
export const wayScript = `
set -eu
java=java
for home in "\${ES_JAVA_HOME:-}" /usr/share/elasticsearch/jdk /usr/share/opensearch/jdk /opt/bitnami/java; do
  if [ -x "$home/bin/java" ]; then java=$home/bin/java; break; fi
done
folder=$(mktemp -d)
printf '%s' "$WAY_PROGRAM" > "$folder/Way.java"
exec "$java" -Xmx48m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 "$folder/Way.java" "$@"
`;
