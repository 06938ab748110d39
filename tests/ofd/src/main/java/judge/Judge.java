package judge;

import java.awt.image.BufferedImage;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.ofdrw.converter.ImageMaker;
import org.ofdrw.converter.export.PDFExporterPDFBox;
import org.ofdrw.converter.export.TextExporter;
import org.ofdrw.reader.OFDReader;

/** What a reader that knows nothing of Kaigong makes of an OFD: its pages as PNG, its text, the same as PDF. */
public final class Judge {
    private static final double MM_PER_INCH = 25.4;
    private static final int BLOCK = 4;
    private static final int FAR = 42;

    private Judge() {}

    /**
     * Arguments: the OFD, a folder for what comes of it, dots per inch, and the path of pictures to compare with, of which
     * page 0 is PATH_0_ofd.png. Prints a line for each page: the share of blocks of 4 x 4 pixels that differ.
     */
    public static void main(String[] arguments) throws Exception {
        Path ofd = Path.of(arguments[0]);
        Path folder = Files.createDirectories(Path.of(arguments[1]));
        double dpi = Double.parseDouble(arguments[2]);
        try (OFDReader reader = new OFDReader(ofd)) {
            ImageMaker maker = new ImageMaker(reader, dpi / MM_PER_INCH);
            for (int page = 0; page < maker.pageSize(); page++) {
                BufferedImage drawn = maker.makePage(page);
                ImageIO.write(drawn, "PNG", folder.resolve("page_" + page + ".png").toFile());
                BufferedImage wanted = ImageIO.read(new File(arguments[3] + "_" + page + "_ofd.png"));
                System.out.println("page " + page + " " + blockShare(drawn, wanted));
            }
        }
        try (TextExporter text = new TextExporter(ofd, folder.resolve("text.txt"))) {
            text.export();
        }
        try (PDFExporterPDFBox pdf = new PDFExporterPDFBox(ofd, folder.resolve("pages.pdf"))) {
            pdf.export();
        }
    }

    /** As server/formats/ofd/testing/raster.hpp has it. The sizes may differ by the rounding of one pixel. */
    private static double blockShare(BufferedImage left, BufferedImage right) {
        if (Math.abs(left.getWidth() - right.getWidth()) > 1 || Math.abs(left.getHeight() - right.getHeight()) > 1) {
            throw new IllegalArgumentException("pictures differ in size");
        }
        int across = Math.min(left.getWidth(), right.getWidth()) / BLOCK;
        int down = Math.min(left.getHeight(), right.getHeight()) / BLOCK;
        int differing = 0;
        for (int block = 0; block < across * down; block++) {
            int[] sums = new int[3];
            for (int pixel = 0; pixel < BLOCK * BLOCK; pixel++) {
                int x = block % across * BLOCK + pixel % BLOCK;
                int y = block / across * BLOCK + pixel / BLOCK;
                for (int channel = 0; channel < 3; channel++) {
                    int shift = channel * 8;
                    sums[channel] += (left.getRGB(x, y) >> shift & 0xFF) - (right.getRGB(x, y) >> shift & 0xFF);
                }
            }
            boolean far = false;
            for (int sum : sums) {
                far |= Math.abs(sum) > FAR * BLOCK * BLOCK;
            }
            differing += far ? 1 : 0;
        }
        return (double) differing / (across * down);
    }
}
