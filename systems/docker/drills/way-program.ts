/**
 * Forwards every connection on a port to one address, with the Java of Elasticsearch's own image, from this source. Arguments: port,
 * host, port there. The host is looked up for each connection.
 */
export const wayProgram = `
import java.io.*;
import java.net.*;

public class Way {
  public static void main(String[] a) throws Exception {
    ServerSocket server = new ServerSocket(Integer.parseInt(a[0]), 256);
    for (;;) {
      Socket from = server.accept();
      start(() -> {
        try {
          Socket to = new Socket();
          to.connect(new InetSocketAddress(InetAddress.getByName(a[1]), Integer.parseInt(a[2])), 10000);
          start(() -> copy(from, to));
          copy(to, from);
        } catch (IOException e) {
          System.err.println(a[1] + ":" + a[2] + " " + e);
          close(from);
        }
      });
    }
  }

  static void start(Runnable work) {
    Thread t = new Thread(null, work, "way", 65536);
    t.setDaemon(true);
    t.start();
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
