package org.elasticsearch.server.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import joptsimple.OptionSet;
import org.elasticsearch.bootstrap.ServerArgs;
import org.elasticsearch.cli.ProcessInfo;
import org.elasticsearch.cli.Terminal;
import org.elasticsearch.common.io.stream.OutputStreamStreamOutput;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.KeyStoreWrapper;
import org.elasticsearch.common.settings.SecureSettings;
import org.elasticsearch.common.settings.SecureString;
import org.elasticsearch.env.Environment;
import sun.misc.Unsafe;

/**
 * Elasticsearch's own launcher, except that the server starts in the launcher's JVM. The usual start takes four JVMs, one after
 * the other: the keystore tool, the launcher, one that the launcher asks for the defaults of Java's options, and the server.
 * The first three take two fifths of the processor time.
 */
final class OneProcess extends ServerCli {
    private static final Map<String, Path> SECRETS = Map.of(
        "s3.client.default.access_key", Path.of("/run/secrets/s3_access_key"),
        "s3.client.default.secret_key", Path.of("/run/secrets/s3_secret_key"));

    public static void main(String[] args) throws Exception {
        LogConfigurator.configureESLogging();
        System.exit(new OneProcess().main(args, Terminal.DEFAULT, ProcessInfo.fromSystem()));
    }

    /** The keystore as the launcher finds or creates it, plus the S3 secrets; written only when they changed. */
    @Override
    protected SecureSettingsLoader secureSettingsLoader(Environment environment) {
        return new KeyStoreLoader() {
            @Override
            public SecureSettings bootstrap(Environment environment, SecureString password) throws Exception {
                KeyStoreWrapper keystore = (KeyStoreWrapper) super.bootstrap(environment, password);
                if (putSecrets(keystore)) keystore.save(environment.configDir(), password.getChars());
                return keystore;
            }
        };
    }

    private static boolean putSecrets(KeyStoreWrapper keystore) throws Exception {
        for (Path file : SECRETS.values()) if (Files.isRegularFile(file) == false) return false;
        boolean changed = false;
        for (Map.Entry<String, Path> secret : SECRETS.entrySet()) {
            String name = secret.getKey();
            String value = Files.readString(secret.getValue()).stripTrailing();
            if (keystore.getSettingNames().contains(name) && keystore.getString(name).equals(value)) continue;
            keystore.setString(name, value.toCharArray());
            changed = true;
        }
        return changed;
    }

    /** Security is off in this image and there is no list of plugins to install: neither tool has anything to do. */
    @Override
    Environment autoConfigureSecurity(Terminal t, OptionSet o, ProcessInfo p, Environment environment, SecureString s) {
        return environment;
    }

    @Override
    void syncPlugins(Terminal terminal, Environment environment, ProcessInfo process) {}

    /** The server reads its arguments from standard input, and stops when its launcher closes that: here nobody does. */
    @Override
    protected ServerProcess startServer(Terminal terminal, ProcessInfo process, ServerArgs args) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStreamStreamOutput out = new OutputStreamStreamOutput(bytes)) {
            args.writeTo(out);
        }
        forgetOpenFilesLimit();
        System.setIn(new SequenceInputStream(new ByteArrayInputStream(bytes.toByteArray()), new Silence()));
        var main = Class.forName("org.elasticsearch.bootstrap.Elasticsearch").getDeclaredMethod("main", String[].class);
        main.setAccessible(true);
        try {
            main.invoke(null, (Object) new String[0]);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Exception cause) throw cause;
            throw e;
        }
        // The server exits the process by itself, on a signal or a failure.
        new CountDownLatch(1).await();
        return null;
    }

    /**
     * A node that may form a cluster refuses to start where it may open fewer than 65535 files, which no small cluster comes
     * near; and an engine that is itself limited cannot give a container more. The server reads the limit through a method
     * that is null where the JVM has none, and then goes without the check: so it does here. The field is final, which
     * reflection respects and Unsafe does not.
     */
    private static void forgetOpenFilesLimit() throws ReflectiveOperationException {
        Field instance = Unsafe.class.getDeclaredField("theUnsafe");
        instance.setAccessible(true);
        Unsafe unsafe = (Unsafe) instance.get(null);
        Class<?> probe = Class.forName("org.elasticsearch.monitor.process.ProcessProbe");
        Field method = probe.getDeclaredField("getMaxFileDescriptorCountField");
        unsafe.putObject(unsafe.staticFieldBase(method), unsafe.staticFieldOffset(method), null);
    }

    private static final class Silence extends InputStream {
        @Override
        public int read() {
            for (;;) {
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    // Keep waiting: there is nothing to read.
                }
            }
        }
    }
}
