package org.dropzonebackup.core.receive;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.dropzonebackup.core.store.Directory;
import org.dropzonebackup.core.store.NameTakenException;
import org.dropzonebackup.core.store.PendingUpload;
import org.dropzonebackup.core.store.Publication;
import org.dropzonebackup.core.store.StagedFile;
import org.dropzonebackup.core.store.Store;
import org.dropzonebackup.core.store.StoredFile;

/** A store that fails once: at the n-th call of what it, its directories and its files are asked. Not safe for threads. */
final class FaultyStore {

    private static final List<Class<?>> PARTS =
            List.of(Directory.class, Directory.Capacity.class, PendingUpload.class, StagedFile.class, StoredFile.class);
    /** What is done though it fails: else it would be the store that leaves something behind. */
    private static final Set<String> DONE = Set.of("close");
    /** What is not done if it fails: else it would be the store that does what it says it has not done. */
    private static final Set<String> NOT_DONE = Set.of("publish", "create", "resume", "stage");

    private final Store store;
    private final Supplier<Throwable> fault;
    private final boolean done;
    private int callsLeft;
    private String failed = "";

    /**
     * @param calls that succeed before one fails
     * @param done whether that one is done nevertheless
     */
    FaultyStore(final Store store, final int calls, final Supplier<Throwable> fault, final boolean done) {
        this.store = store;
        this.callsLeft = calls;
        this.fault = fault;
        this.done = done;
    }

    Store store() {
        return wrapped(Store.class, store);
    }

    /** The call that failed; empty if none did. */
    String failed() {
        return failed;
    }

    /** Fails no more. */
    void repair() {
        callsLeft = Integer.MAX_VALUE;
    }

    private <T> T wrapped(final Class<T> type, final Object part) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, new Part(part)));
    }

    private Object wrapped(final Object part) {
        if (part instanceof Optional<?> perhaps) {
            return perhaps.map(this::wrapped);
        }
        return PARTS.stream().filter(type -> type.isInstance(part)).findFirst().<Object>map(type -> wrapped(type, part)).orElse(part);
    }

    private static Object unwrapped(final Object part) {
        return part != null && Proxy.isProxyClass(part.getClass())
                && Proxy.getInvocationHandler(part) instanceof Part wrapper ? wrapper.part : part;
    }

    /** Something of the store that may fail. */
    private final class Part implements InvocationHandler {

        private final Object part;

        Part(final Object part) {
            this.part = part;
        }

        @Override
        public Object invoke(final Object proxy, final Method method, final Object[] arguments) throws Throwable {
            if (method.getDeclaringClass() == Object.class) {
                return method.invoke(part, arguments == null ? null : Arrays.stream(arguments).map(FaultyStore::unwrapped).toArray());
            }
            final Throwable thrown = fault.get();
            final boolean fails = canThrow(method, thrown) && callsLeft-- == 0;
            if (fails) {
                failed = method.getName();
            }
            if (fails && !DONE.contains(failed) && (!done || NOT_DONE.contains(failed))) {
                throw thrown;
            }
            final Object result = method.getName().equals("publish")
                    ? publish((List<?>) arguments[0], (Directory.Recording) arguments[1]) : wrapped(call(method, arguments));
            if (fails) {
                throw thrown;
            }
            return result;
        }

        private static boolean canThrow(final Method method, final Throwable fault) {
            return !(fault instanceof IOException)
                    || Arrays.stream(method.getExceptionTypes()).anyMatch(type -> type.isInstance(fault));
        }

        private Object call(final Method method, final Object[] arguments) throws Throwable {
            try {
                return method.invoke(part, arguments);
            } catch (final InvocationTargetException e) {
                throw e.getCause();
            }
        }

        private Object publish(final List<?> publications, final Directory.Recording recording) throws Exception {
            final List<Publication> wrapped = publications.stream().map(Publication.class::cast).toList();
            final List<Publication> own = wrapped.stream()
                    .map(each -> new Publication((StagedFile) unwrapped(each.file()), each.path(), each.replace())).toList();
            try {
                ((Directory) part).publish(own, recording);
            } catch (final NameTakenException e) {
                throw new NameTakenException(wrapped.get(own.indexOf(e.publication())), e.taken());
            }
            return null;
        }
    }
}
