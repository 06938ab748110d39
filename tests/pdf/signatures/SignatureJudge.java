import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.PDSignature;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;

/** What PDFBox finds of signatures in PDF, and Bouncy Castle says of them: bytes and signature, not whom to trust. */
public final class SignatureJudge {
    private SignatureJudge() {}

    /** Arguments: files. Prints for each signature its kind, whether it covers the whole file, and "valid" or why not. */
    public static void main(String[] arguments) throws Exception {
        for (String argument : arguments) {
            Path file = Path.of(argument);
            byte[] bytes = Files.readAllBytes(file);
            try (PDDocument document = Loader.loadPDF(bytes)) {
                for (PDSignature signature : document.getSignatureDictionaries()) {
                    String covers = coversAll(signature, bytes) ? "whole" : "part";
                    System.out.println(file.getFileName() + " " + signature.getSubFilter() + " " + covers + " " + verdict(signature, bytes));
                }
            }
        }
    }

    /** Whether nothing but the signature's own hexadecimal text, from "<" to ">", is left out of what is signed. */
    private static boolean coversAll(PDSignature signature, byte[] bytes) {
        int[] range = signature.getByteRange();
        if (range.length != 4 || range[0] != 0 || range[2] + range[3] != bytes.length) {
            return false;
        }
        String between = new String(bytes, range[1], range[2] - range[1], StandardCharsets.ISO_8859_1);
        return between.matches("<[0-9A-Fa-f]*>");
    }

    /** Bouncy Castle's store of certificates is without a type. */
    @SuppressWarnings("unchecked")
    private static String verdict(PDSignature signature, byte[] bytes) throws Exception {
        try {
            CMSSignedData cms = new CMSSignedData(new CMSProcessableByteArray(signature.getSignedContent(bytes)), signature.getContents(bytes));
            SignerInformation signer = cms.getSignerInfos().getSigners().iterator().next();
            X509CertificateHolder holder = (X509CertificateHolder) cms.getCertificates().getMatches(signer.getSID()).iterator().next();
            return signer.verify(new JcaSimpleSignerInfoVerifierBuilder().build(holder)) ? "valid" : "signature wrong";
        } catch (CMSException refusal) {
            return refusal.getMessage();
        }
    }
}
