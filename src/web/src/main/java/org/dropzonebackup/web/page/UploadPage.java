package org.dropzonebackup.web.page;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Named;
import java.net.URI;
import java.text.NumberFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dropzonebackup.core.receive.Receipt;
import org.dropzonebackup.core.units.ByteSize;
import org.dropzonebackup.web.problem.FormOutcome;
import org.dropzonebackup.web.problem.Problem;

/**
 * The bean behind the upload page. It shows the server's terms and, after a form was sent, the outcome. It keeps no state
 * between requests and serves all of them.
 */
@Named("page")
@ApplicationScoped
public class UploadPage {

    private static final Set<String> RIGHT_TO_LEFT = Set.of("ar", "fa", "he", "ur");

    /**
     * A file of a form that was sent.
     *
     * @param name as it is stored, or as it was submitted
     * @param size for people; empty if the file is not stored
     * @param sha256 empty if the file is not stored
     * @param refusal why it is not stored; empty if it is, or if another file of the form was refused
     */
    public record Row(String name, String size, String sha256, String refusal) {

        /** Whether it arrived. */
        public boolean isStored() {
            return !sha256.isEmpty();
        }
    }

    /** The language that page and script speak. */
    public String getLanguage() {
        return locale().getLanguage();
    }

    /** The direction of the text: {@code ltr} or {@code rtl}. */
    public String getDirection() {
        return RIGHT_TO_LEFT.contains(getLanguage()) ? "rtl" : "ltr";
    }

    /** The title of the page. */
    public String getTitle() {
        return terms().title();
    }

    /** The administrator's message, or null. */
    public String getMessage() {
        return terms().message().orElse(null);
    }

    /** The address of a help page, or null. */
    public String getHelpUrl() {
        return terms().helpUrl().map(URI::toString).orElse(null);
    }

    /** Whether files may be sent without a user name. */
    public boolean isAnonymous() {
        return terms().anonymous().isPresent();
    }

    /** Whether an upload without a user name needs a proof of work. */
    public boolean isChallenge() {
        return terms().anonymous().filter(PageTerms.Anonymous::challenge).isPresent();
    }

    /** The size limit of uploads without a user name, in words. */
    public String getAnonymousLimit() {
        return Texts.in(locale()).say("login.optional",
                size(terms().anonymous().map(PageTerms.Anonymous::maxFileSize).orElse(0L)));
    }

    /** The size limit of a file, in bytes. */
    public long getMaxFileSize() {
        return terms().maxFileSize();
    }

    /** The size limit of a file, in words. */
    public String getLimit() {
        return Texts.in(locale()).say("limit", size(terms().maxFileSize()));
    }

    /** How many bytes the script sends in one request, or 0 for the whole file. */
    public long getChunkSize() {
        return terms().chunkSize().orElse(0);
    }

    /** The texts of the script, as JSON. */
    public String getScriptTexts() {
        return Texts.in(locale()).forScript();
    }

    /** Whether the page answers a form. */
    public boolean isAnswer() {
        return outcome().isPresent();
    }

    /** Whether all files of the form arrived. */
    public boolean isAllStored() {
        return outcome().filter(outcome -> outcome.problem().isEmpty()).isPresent();
    }

    /** Why the form was refused, or null. */
    public String getRefusal() {
        return outcome().flatMap(FormOutcome::problem).map(Problem::detail).orElse(null);
    }

    /** The files of the form. */
    public List<Row> getRows() {
        return outcome().map(outcome -> Stream.concat(
                outcome.stored().stream().map(this::stored),
                IntStream.range(0, outcome.refused().size()).mapToObj(i -> refused(outcome, i))).toList())
                .orElse(List.of());
    }

    private Row stored(final Receipt receipt) {
        return new Row(receipt.name(), size(receipt.size()), receipt.sha256(), "");
    }

    private static Row refused(final FormOutcome outcome, final int index) {
        final boolean culprit = index == outcome.refused().size() - 1;
        return new Row(outcome.refused().get(index), "", "",
                culprit ? outcome.problem().map(Problem::detail).orElse("") : "");
    }

    private static Optional<FormOutcome> outcome() {
        return Optional.ofNullable((FormOutcome) FacesContext.getCurrentInstance().getExternalContext()
                .getRequestMap().get(FormOutcome.ATTRIBUTE));
    }

    private static PageTerms terms() {
        return (PageTerms) FacesContext.getCurrentInstance().getExternalContext()
                .getApplicationMap().get(PageTerms.ATTRIBUTE);
    }

    private static Locale locale() {
        return FacesContext.getCurrentInstance().getViewRoot().getLocale();
    }

    /** As the script writes sizes too. */
    private static String size(final long bytes) {
        final ByteSize size = new ByteSize(bytes);
        return NumberFormat.getInstance(locale()).format(size.rounded()) + "\u00A0"
                + Texts.in(locale()).bundle().getString("script.units").split(" ")[size.power()];
    }
}
