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
 * What the page shows: the server's terms and, when a form was sent, what became of it. Keeps nothing between requests;
 * one for all of them.
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

    /** Written to the left or to the right. */
    public String getDirection() {
        return RIGHT_TO_LEFT.contains(getLanguage()) ? "rtl" : "ltr";
    }

    /** The title of the page. */
    public String getTitle() {
        return terms().title();
    }

    /** What the administrator has to say, or null. */
    public String getMessage() {
        return terms().message().orElse(null);
    }

    /** Where help is to be had, or null. */
    public String getHelpUrl() {
        return terms().helpUrl().map(URI::toString).orElse(null);
    }

    /** Whether files may be sent without a user name. */
    public boolean isAnonymous() {
        return terms().anonymous().isPresent();
    }

    /** Whether something has to be computed for a file without a user name. */
    public boolean isChallenge() {
        return terms().anonymous().filter(PageTerms.Anonymous::challenge).isPresent();
    }

    /** What a file without a user name may have, in words. */
    public String getAnonymousLimit() {
        return Texts.in(locale()).say("login.optional",
                size(terms().anonymous().map(PageTerms.Anonymous::maxFileSize).orElse(0L)));
    }

    /** Bytes that a file may have. */
    public long getMaxFileSize() {
        return terms().maxFileSize();
    }

    /** The same in words. */
    public String getLimit() {
        return Texts.in(locale()).say("limit", size(terms().maxFileSize()));
    }

    /** Bytes that the script sends in one request; 0: as many as a file has. */
    public long getChunkSize() {
        return terms().chunkSize().orElse(0);
    }

    /** All that the script says, as JSON. */
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
