import java.awt.image.BufferedImage;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.ofdrw.converter.ImageMaker;
import org.ofdrw.core.basicType.ST_Box;
import org.ofdrw.reader.OFDReader;
import org.ofdrw.reader.model.StampAnnotEntity;
import org.ofdrw.sign.verify.OFDValidator;
import org.ofdrw.sign.verify.container.SESV4ValidateContainer;
import org.ofdrw.sign.verify.exceptions.OFDVerifyException;

/**
 * What a validator that knows nothing of Kaigong says of sealed OFD: every file against its digest in Signature.xml, that against
 * the seal's signature, and this against the signer's certificate. It lies outside of the other judge's sources because
 * ofdrw-sign comes without what Maven would need to compile it there; Java runs it from its source.
 */
public final class SealJudge {
    private static final double PIXELS_PER_MM = 4;

    private SealJudge() {}

    /**
     * Arguments: a folder for the pages as PNG, or "-" for none, then the files. Prints a line for each file, "valid" or why not, and,
     * where pages are drawn, a line for each page and for the share of red in the square of each seal.
     */
    public static void main(String[] arguments) throws Exception {
        for (int at = 1; at < arguments.length; at++) {
            Path file = Path.of(arguments[at]);
            System.out.println(file.getFileName() + " " + verdict(file));
            if (!arguments[0].equals("-")) {
                draw(file, Path.of(arguments[0]));
            }
        }
    }

    private static String verdict(Path file) throws Exception {
        try (OFDReader reader = new OFDReader(file); OFDValidator validator = new OFDValidator(reader)) {
            validator.setValidator(new SESV4ValidateContainer()).exeValidate();
            return "valid";
        } catch (OFDVerifyException refusal) {
            return refusal.getClass().getSimpleName();
        }
    }

    private static void draw(Path file, Path folder) throws Exception {
        try (OFDReader reader = new OFDReader(file)) {
            ImageMaker maker = new ImageMaker(reader, PIXELS_PER_MM);
            for (int page = 0; page < maker.pageSize(); page++) {
                BufferedImage drawn = maker.makePage(page);
                ImageIO.write(drawn, "PNG", folder.resolve(file.getFileName() + "_" + page + ".png").toFile());
                System.out.println("page " + page + " " + drawn.getWidth() + " " + drawn.getHeight());
            }
            BufferedImage first = maker.makePage(0);
            for (StampAnnotEntity stamp : reader.getStampAnnots()) {
                System.out.println("seal " + redShare(first, stamp.getStampAnnots().get(0).getBoundary()));
            }
        }
    }

    private static double redShare(BufferedImage page, ST_Box box) {
        int left = (int) (box.getTopLeftX() * PIXELS_PER_MM);
        int top = (int) (box.getTopLeftY() * PIXELS_PER_MM);
        int width = (int) (box.getWidth() * PIXELS_PER_MM);
        int height = (int) (box.getHeight() * PIXELS_PER_MM);
        int red = 0;
        for (int pixel = 0; pixel < width * height; pixel++) {
            int colour = page.getRGB(left + pixel % width, top + pixel / width);
            boolean strong = (colour >> 16 & 0xFF) > 0x80 && (colour >> 8 & 0xFF) < 0x60 && (colour & 0xFF) < 0x60;
            red += strong ? 1 : 0;
        }
        return (double) red / (width * height);
    }
}
