package org.dropzonebackup.launcher;


import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.logging.Level;
import org.dropzonebackup.core.Prerequisite;
import org.json.JSONArray;
import org.openqa.selenium.By;
import org.openqa.selenium.WebDriver;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

/** A Chromium without a window. */
public final class Browser implements AutoCloseable {

    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");

    private final ChromeDriver driver;

    private Browser(final ChromeDriver driver) {
        this.driver = driver;
    }

    /**
     * Starts it; where there is none the test is skipped.
     *
     * @param profile an empty directory
     */
    public static Browser start(final Path profile, final boolean javaScript) {
        Prerequisite.programs("chromium", "chromedriver");
        final ChromeOptions options = new ChromeOptions();
        options.setBinary(CHROMIUM.toFile());
        options.addArguments("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--host-resolver-rules=MAP " + PageServer.INSECURE_HOST + " 127.0.0.1", "--disable-dev-shm-usage", "--lang=en", "--window-size=1000,900", "--user-data-dir=" + profile);
        // Proxies of the tests have certificates that they made themselves
        options.setAcceptInsecureCerts(true);
        if (!javaScript) {
            options.setExperimentalOption("prefs",
                    Map.of("profile.managed_default_content_settings.javascript", 2));
        }
        final LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        return new Browser(new ChromeDriver(
                new ChromeDriverService.Builder().usingDriverExecutable(DRIVER.toFile()).usingAnyFreePort().build(),
                options));
    }

    public ChromeDriver driver() {
        return driver;
    }

    public void open(final String url) {
        driver.get(url);
    }

    public WebElement find(final String selector) {
        return driver.findElement(By.cssSelector(selector));
    }

    public List<WebElement> findAll(final String selector) {
        return driver.findElements(By.cssSelector(selector));
    }

    String text(final String selector) {
        return find(selector).getText();
    }

    public <T> T until(final Function<WebDriver, T> condition) {
        return new WebDriverWait(driver, Duration.ofSeconds(15), Duration.ofMillis(25)).until(condition);
    }

    /** Waits until as many rows are in a state. */
    public void untilRows(final int count, final String state) {
        until(ready -> findAll(".row[data-state=" + state + "]").size() == count);
    }

    public void login(final String user, final String password) {
        find("#username").clear();
        find("#username").sendKeys(user);
        find("#password").clear();
        find("#password").sendKeys(password);
    }

    public void choose(final Path... files) {
        find("#files").sendKeys(String.join("\n", List.of(files).stream().map(Path::toString).toList()));
    }

    void cdp(final String command, final Map<String, Object> parameters) {
        driver.executeCdpCommand(command, parameters);
    }

    /** Drops a file or a folder in the middle of the page. */
    void drop(final Path path) {
        for (final String type : List.of("dragEnter", "dragOver", "drop")) {
            cdp("Input.dispatchDragEvent", Map.of("type", type, "x", 300, "y", 300, "data",
                    Map.of("items", List.of(), "files", List.of(path.toString()), "dragOperationsMask", 1)));
        }
    }

    /** So many bytes a second are sent; none: as many as can be. */
    void limitUpload(final int bytesPerSecond) {
        cdp("Network.enable", Map.of());
        cdp("Network.emulateNetworkConditions", Map.of("offline", false, "latency", 0, "downloadThroughput", -1,
                "uploadThroughput", bytesPerSecond == 0 ? -1 : bytesPerSecond));
    }

    /** The network is gone, until it is limited anew. */
    void unplug() {
        cdp("Network.emulateNetworkConditions",
                Map.of("offline", true, "latency", 0, "downloadThroughput", -1, "uploadThroughput", -1));
    }

    /** Errors on the console since the last call, violations of the Content-Security-Policy among them. */
    public List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .map(LogEntry::getMessage).toList();
    }

    /** What axe-core finds to be no WCAG 2.2 AA. */
    List<Object> barriers() throws IOException {
        driver.executeScript(Files.readString(Path.of(System.getProperty("page.axe"))));
        return new JSONArray((String) driver.executeAsyncScript("""
                const done = arguments[arguments.length - 1];
                const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
                axe.run(document, { runOnly: rules }).then((found) => done(JSON.stringify(found.violations.map(
                    (violation) => violation.id + ': ' + violation.nodes.map((node) => node.html).join(' ')))));
                """)).toList();
    }

    /** A picture of the whole page, for people. */
    void picture(final String name) throws IOException {
        final Path target = Path.of(System.getProperty("page.screenshots"), name + ".png");
        Files.createDirectories(target.getParent());
        final Object picture = driver.executeCdpCommand("Page.captureScreenshot",
                Map.of("format", "png", "captureBeyondViewport", true)).get("data");
        Files.write(target, Base64.getDecoder().decode((String) picture));
    }

    @Override
    public void close() {
        driver.quit();
    }
}
