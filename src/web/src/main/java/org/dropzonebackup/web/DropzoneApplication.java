package org.dropzonebackup.web;

import static org.dropzonebackup.web.Paths.CHALLENGE;
import static org.dropzonebackup.web.Paths.HEALTH;
import static org.dropzonebackup.web.Paths.KEYS;
import static org.dropzonebackup.web.Paths.LOGIN;
import static org.dropzonebackup.web.Paths.METHODS;
import static org.dropzonebackup.web.Paths.METRICS;
import static org.dropzonebackup.web.Paths.PAGE;
import static org.dropzonebackup.web.Paths.RESOURCES;
import static org.dropzonebackup.web.Paths.TUS;
import static org.dropzonebackup.web.Paths.UPLOADS;
import static org.dropzonebackup.web.Paths.VERIFY;
import static org.dropzonebackup.web.Paths.below;
import static org.dropzonebackup.web.Paths.filter;
import static org.dropzonebackup.web.Paths.servlet;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.dropzonebackup.core.auth.Authenticator;
import org.dropzonebackup.core.challenge.Challenges;
import org.dropzonebackup.core.challenge.HourlyLimit;
import org.dropzonebackup.core.challenge.MarkerFiles;
import org.dropzonebackup.core.config.Setting;
import org.dropzonebackup.core.config.Settings;
import org.dropzonebackup.core.config.SettingsException;
import org.dropzonebackup.core.config.Source;
import org.dropzonebackup.core.files.OwnDirectories;
import org.dropzonebackup.core.files.SyncWatch;
import org.dropzonebackup.core.log.AuditLog;
import org.dropzonebackup.core.policy.FileName;
import org.dropzonebackup.core.receive.FileStates;
import org.dropzonebackup.core.receive.Receiver;
import org.dropzonebackup.core.receive.ResumableReceiver;
import org.dropzonebackup.core.retention.Retention;
import org.dropzonebackup.core.store.local.LocalStore;
import org.dropzonebackup.core.units.DurationText;
import org.dropzonebackup.core.users.LiveUsers;
import org.dropzonebackup.core.users.UserDirectories;
import org.dropzonebackup.web.auth.AnonymousAccess;
import org.dropzonebackup.web.auth.AuthenticationServlet.Entrance;
import org.dropzonebackup.web.auth.AuthenticationServlet;
import org.dropzonebackup.web.auth.ChallengeServlet;
import org.dropzonebackup.web.auth.ClientAddress;
import org.dropzonebackup.web.auth.FormSender;
import org.dropzonebackup.web.auth.LoginServlet;
import org.dropzonebackup.web.auth.Logins;
import org.dropzonebackup.web.health.Health;
import org.dropzonebackup.web.health.HealthServlet;
import org.dropzonebackup.web.page.PageFilter;
import org.dropzonebackup.web.page.PageTerms;
import org.dropzonebackup.web.problem.EarlyAnswer;
import org.dropzonebackup.web.proof.KeysServlet;
import org.dropzonebackup.web.proof.VerifyServlet;
import org.dropzonebackup.web.resumable.CreationServlet;
import org.dropzonebackup.web.resumable.UploadLimits;
import org.dropzonebackup.web.resumable.UploadLimitsFilter;
import org.dropzonebackup.web.resumable.UploadResourceServlet;
import org.dropzonebackup.web.tus.TusFilter;
import org.dropzonebackup.web.tus.TusServlet;
import org.dropzonebackup.web.upload.FormFilter;
import org.dropzonebackup.web.upload.Receipts;
import org.dropzonebackup.web.upload.UploadContext;
import org.dropzonebackup.web.upload.UploadMeter;
import org.dropzonebackup.web.upload.UploadServlet;

/** Builds the application from its settings; the only place that knows all its parts. */
public final class DropzoneApplication implements ServletContextListener {

    /** Context attribute with the options of the server jar: a {@code Map<String, String>} of settings by name. */
    public static final String OPTIONS = "org.dropzonebackup.options";

    /** Context attribute for whoever can tell that files are to be read and opened anew: a {@link Runnable}. */
    public static final String RELOAD = "org.dropzonebackup.reload";

    private static final System.Logger LOG = System.getLogger(DropzoneApplication.class.getName());
    private static final Duration ABORTS_END = Duration.ofSeconds(5);
    /** What could not be removed is tried again so often. */
    private static final long AGAIN_SECONDS = 5;
    /** Minutes; what a crash has left is in the journal then. */
    private static final long AFTER_SWEEPS = 3;
    private static final Duration LOGIN_ENDS = Duration.ofMinutes(1);

    private UploadThreads threads;
    private Optional<UploadContext> uploads = Optional.empty();
    private Optional<AuditLog> audit = Optional.empty();
    private Optional<Proofs> proofs = Optional.empty();
    private Optional<Monitoring> monitoring = Optional.empty();

    @Override
    public void contextInitialized(final ServletContextEvent event) {
        final ServletContext context = event.getServletContext();
        ClassPreloader.load(context);
        threads = UploadThreads.start();
        filter(context, "headers", new CommonHeaders(),
                EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR), "/*");
        servlet(context, "missing", new NotFoundServlet(), "/missing");
        try {
            build(context, Settings.read(sources(context), Map.of()));
        } catch (final SettingsException e) {
            e.problems().forEach(problem -> LOG.log(Level.ERROR, "wrong setting: {0}", problem.sentence()));
            final EarlyAnswer early = new EarlyAnswer(threads.timer(), threads.endings(),
                    DurationText.parse(Setting.REFUSAL_DRAIN.defaultText()));
            allow(context, Settings.corsOrigins(sources(context)));
            filter(context, "paths", new PlainPaths(early), "/*");
            filter(context, "pages", new ReadOnlyPages(early), "/*");
            servlet(context, "health", new HealthServlet(() -> Health.State.MISCONFIGURED, early), HEALTH);
            servlet(context, "upload", new Unconfigured(early), below(UPLOADS, TUS, RESOURCES, LOGIN, PAGE));
        }
    }

    private static List<Source> sources(final ServletContext context) {
        final Map<?, ?> options = context.getAttribute(OPTIONS) instanceof Map<?, ?> given ? given : Map.of();
        return List.of(
                new Source(name -> "option --" + name, name -> (String) options.get(name)),
                Source.systemProperties(),
                Source.environment(),
                new Source(name -> "context parameter dropzone." + name, name -> context.getInitParameter("dropzone." + name)));
    }

    private void build(final ServletContext context, final Settings settings) {
        allow(context, settings.access().corsOrigins());
        final Settings.Storage storage = settings.storage();
        final Clock clock = Clock.systemUTC();
        final Optional<Metering> metering = settings.metricsToken().map(token -> new Metering(token, clock));
        final SyncWatch syncs = metering.<SyncWatch>map(Metering::counted).orElse(SyncWatch.NONE);
        final LocalStore store = new LocalStore(
                storage.uploadBaseDir(), storage.tmpSuffix(), storage.autoCreateUserDirs(), storage.fsync(),
                storage.fileMode(), threads.transfers(), threads.writeBack(), syncs);
        final FileName.Rules names = FileName.Rules.ofThisSystem(storage.tmpSuffix());
        if (names.isLimitedByLocale()) {
            LOG.log(Level.WARNING, "files whose names are not in {0} are refused, as Java was started in a locale that has no"
                    + " others: start it with LC_ALL=C.UTF-8", names.encoding());
        }
        final LiveUsers users = new LiveUsers(settings.access().usersFile(), clock);
        final UserDirectories directories = new UserDirectories(users, storage.uploadBaseDir(), OwnDirectories.ALL);
        final Proofs proving = Proofs.open(settings, clock, syncs);
        proofs = Optional.of(proving);
        final Receiver receiver = new Receiver(store, names,
                new Receiver.Limits(settings.limits().minFileSize(), settings.limits().maxFileSize(),
                        settings.limits().freeSpaceReserve(), storage.existing(), storage.subdirectories()),
                clock, System::nanoTime, threads.transfers(),
                directories::isOfAnother, proving.journal());
        final Receipts receipts = new Receipts(proving.signer());
        final ResumableReceiver resumable = new ResumableReceiver(receiver, storage.staleAfter(), clock);
        final EarlyAnswer early = new EarlyAnswer(threads.timer(), threads.endings(), settings.limits().refusalDrain());
        final ClientAddress address = new ClientAddress(settings.access().trustedProxies());
        audit = settings.auditLog().map(AuditLog::new);
        filter(context, "ids", new RequestIds(address), "/*");
        AuditFilter.of(metering, audit, address, clock).ifPresent(
                auditing -> filter(context, "audit", auditing, below(UPLOADS, TUS, RESOURCES, PAGE)));
        final Runnable reload = () -> {
            users.reload();
            audit.ifPresent(AuditLog::close);
        };
        context.setAttribute(RELOAD, reload);
        filter(context, "paths", new PlainPaths(early), "/*");
        filter(context, "foreign", new ForeignPages(early), below(UPLOADS, TUS, RESOURCES, LOGIN, CHALLENGE, VERIFY, PAGE));
        filter(context, "pages", new ReadOnlyPages(early), "/*");
        final Duration idle = settings.limits().idleTimeout();
        final UploadContext all = new UploadContext(early, threads.workers(), anyThreadReads(context), settings.limits().minRate(),
                idle, metering.<UploadMeter>map(Metering::counted).orElse(UploadMeter.NONE));
        uploads = Optional.of(all);
        final long look = Math.max(10, Math.min(1000, idle.toMillis() / 10));
        threads.timer().scheduleWithFixedDelay(all::cutSlow, look, look, TimeUnit.MILLISECONDS);
        final Optional<AnonymousAccess> anonymous =
                storage.anonymousDir().map(directory -> anonymous(context, directory, settings, address, early));
        filter(context, "tus", new TusFilter(early, settings.limits().maxFileSize()), below(TUS));
        final UploadLimits limits = new UploadLimits(settings.limits().maxFileSize(), storage.staleAfter(), clock);
        filter(context, "limits", new UploadLimitsFilter(limits, METHODS, early), below(UPLOADS, RESOURCES));
        if (!storage.subdirectories()) {
            filter(context, "flat", new FlatPaths(early), below(UPLOADS));
        }
        final Authenticator authenticator = new Authenticator(users, System::nanoTime);
        final Logins logins = new Logins(authenticator, threads.hashing(), threads.timer(),
                threads.endings(), LOGIN_ENDS);
        final Entrance gate = new Entrance(logins, address, anonymous, early, UploadServlet.DROP_BOX);
        letIn(context, gate, UPLOADS, new CreationServlet(resumable, all, limits, new UploadServlet(receiver, all, receipts)));
        letIn(context, gate, TUS, new TusServlet(resumable, all, receipts));
        letIn(context, gate, RESOURCES, new UploadResourceServlet(resumable, all, limits, receipts));
        letIn(context, gate, LOGIN, new LoginServlet());
        letIn(context, gate, VERIFY, new VerifyServlet(proving.signer(), new FileStates(receiver, proving.journal()),
                proving.lastRead(), early, UploadServlet.DROP_BOX));
        servlet(context, "keys", new KeysServlet(proving.keys(), early), KEYS);
        final Monitoring monitor = new Monitoring(settings, store, proving.journal(), users, authenticator, threads, clock);
        monitoring = Optional.of(monitor);
        servlet(context, "health", new HealthServlet(monitor.health()::state, early), HEALTH);
        metering.ifPresent(counting -> {
            counting.ask(all, early, logins);
            counting.ask(threads);
            counting.ask(settings.limits(), proving.journal(), store);
            monitor.tell(counting);
            counting.ask(users, new UserBytes(store, users, System::nanoTime), threads.sweeping());
            servlet(context, "metrics", counting.servlet(address::of, early), METRICS);
        });
        // Jetty forwards to the page from the root
        filter(context, "page", new PageFilter(early), EnumSet.of(DispatcherType.REQUEST, DispatcherType.FORWARD), PAGE);
        filter(context, "form", new FormFilter(receiver, all, new FormSender(logins, address, anonymous)::judge), PAGE);
        context.setAttribute(PageTerms.ATTRIBUTE, new PageTerms(settings.page().title(), settings.page().message(),
                settings.page().helpUrl(), settings.page().chunkSize(), settings.limits().maxFileSize(),
                anonymous.map(entrance -> new PageTerms.Anonymous(
                        Math.min(settings.limits().maxFileSize(), settings.anonymous().maxFileSize()),
                        entrance.challenges().isPresent()))));
        final Sweep sweep = new Sweep(store, proving.journal(), receiver, users, storage, clock);
        threads.sweeping().scheduleWithFixedDelay(sweep, 0, 1, TimeUnit.HOURS);
        // After the sweep, which enters what a crash has kept out of the journal
        final Retention retention = new Retention(store, proving.journal(),
                storage.uploadBaseDir().resolve(OwnDirectories.MEMORY), clock, System::nanoTime, directories::isOfAnother);
        threads.sweeping().scheduleWithFixedDelay(new Prune(retention, receiver, users, settings.retention()), 0, 1, TimeUnit.HOURS);
        threads.sweeping().scheduleWithFixedDelay(proving::signHeads, 0, 1, TimeUnit.HOURS);
        proving.scrub().ifPresent(scrub -> threads.scrubbing().scheduleWithFixedDelay(new Scrubbing(
                scrub, store, proving, users, storage, OwnDirectories.ALL, all::isBusy), AFTER_SWEEPS, 1, TimeUnit.MINUTES));
        // What another server has under way at the start is so no longer then, or it was killed
        threads.sweeping().schedule(sweep, 2, TimeUnit.MINUTES);
        threads.sweeping().scheduleWithFixedDelay(store::retryRemovals, AGAIN_SECONDS, AGAIN_SECONDS, TimeUnit.SECONDS);
    }

    /** First of all filters but those of the headers, so that pages of these origins can read every refusal. */
    private static void allow(final ServletContext context, final Set<String> origins) {
        if (!origins.isEmpty()) {
            filter(context, "cors", new CorsFilter(origins), below(UPLOADS, TUS, RESOURCES, CHALLENGE, VERIFY, KEYS));
        }
    }

    /**
     * On Jetty any thread may read. Tomcat ends a request that breaks off on a thread of its own, whatever others are at: there
     * its own threads read, as far as they can.
     */
    private static boolean anyThreadReads(final ServletContext context) {
        return context.getClass().getName().startsWith("org.eclipse.jetty.");
    }

    private AnonymousAccess anonymous(final ServletContext context, final String directory, final Settings settings,
            final ClientAddress address, final EarlyAnswer early) {
        final Settings.Anonymous terms = settings.anonymous();
        final Optional<Challenges> challenges = terms.challenge().map(challenge -> new Challenges(
                challenge.key().orElseGet(Challenges::newKey), challenge.difficulty(),
                challenge.key().map(shared -> marks(settings.storage().uploadBaseDir())),
                Clock.systemUTC(), System::nanoTime));
        challenges.ifPresentOrElse(
                given -> servlet(context, "challenge", new ChallengeServlet(given, address, early), CHALLENGE),
                () -> LOG.log(Level.WARNING, "anonymous uploads take no proof of work (anonymous-challenge is off):"
                        + " robots can send {0} files an hour from each address, until {1} bytes are there",
                        terms.uploadsPerHour(), terms.quota()));
        return new AnonymousAccess(
                new AnonymousAccess.Terms(directory, terms.quota(), terms.maxFileSize()),
                new HourlyLimit(terms.uploadsPerHour(), System::nanoTime), challenges, address);
    }

    /** In a directory of the base directory, which servers that share a key share too. */
    private MarkerFiles marks(final Path baseDirectory) {
        final MarkerFiles marks = new MarkerFiles(baseDirectory.resolve(OwnDirectories.MARKS));
        threads.sweeping().scheduleWithFixedDelay(() -> {
            try {
                marks.sweep(Clock.systemUTC().instant());
            } catch (final IOException | RuntimeException e) {
                // It would never run again after an exception
                LOG.log(Level.WARNING, "cannot sweep the marks of used challenges", e);
            }
        }, 0, 10, TimeUnit.MINUTES);
        return marks;
    }

    /** The path is the name, too. */
    private static void letIn(final ServletContext context, final Entrance gate, final String path, final Servlet taker) {
        servlet(context, path, new AuthenticationServlet(gate, METHODS.get(path), taker), below(path));
    }

    /** The container has let uploads finish for as long as it is told to; what is left now is given up. */
    @Override
    public void contextDestroyed(final ServletContextEvent event) {
        monitoring.ifPresent(monitor -> monitor.health().stop());
        uploads.ifPresent(all -> all.abortAll(ABORTS_END));
        threads.stop();
        audit.ifPresent(AuditLog::close);
        monitoring.ifPresent(Monitoring::close);
        proofs.ifPresent(Proofs::close);
    }
}
