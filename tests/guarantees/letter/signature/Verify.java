// Judges the signatures of PDF letters by Bouncy Castle alone; prints a line per check: good, or bad with the reason,
// and an empty line after each letter.
//
// cd /usr/share/java; java -cp bcprov.jar:bcpkix.jar:bcutil.jar Verify.java TIME LETTER ANCHOR [LETTER ANCHOR ...]
//
// TIME is the instant of the signature, such as 2026-04-01T01:30:15Z, ANCHOR the root's certificate as PEM.

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.Security;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.ess.ESSCertIDv2;
import org.bouncycastle.asn1.ess.SigningCertificateV2;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMParser;

public class Verify {
    interface Check {
        boolean holds() throws Exception;
    }

    static void print(String name, Check check) {
        String result;
        try {
            result = check.holds() ? "good" : "bad";
        } catch (Exception error) {
            result = "bad, " + error;
        }
        System.out.println(name + ": " + result.replace('\n', ' '));
    }

    public static void main(String[] given) throws Exception {
        Security.addProvider(new BouncyCastleProvider());
        for (int index = 1; index < given.length; index += 2) {
            judge(given[index], given[index + 1], Instant.parse(given[0]));
            System.out.println();
        }
    }

    static void judge(String letter, String anchor, Instant time) throws Exception {
        byte[] file = Files.readAllBytes(Path.of(letter));
        String text = new String(file, StandardCharsets.ISO_8859_1);
        Matcher range = Pattern.compile("/ByteRange \\[(\\d+) (\\d+) (\\d+) (\\d+)\\s*\\]").matcher(text);
        range.find();
        int[] at = new int[4];
        for (int index = 0; index < 4; index++) {
            at[index] = Integer.parseInt(range.group(index + 1));
        }
        print("whole file", () -> at[0] == 0 && at[2] + at[3] == file.length);

        ByteArrayOutputStream signed = new ByteArrayOutputStream();
        signed.write(file, at[0], at[1]);
        signed.write(file, at[2], at[3]);
        byte[] padded = unhex(text.substring(at[1] + 1, at[2] - 1));
        CMSSignedData message =
            new CMSSignedData(new CMSProcessableByteArray(signed.toByteArray()), new ByteArrayInputStream(padded));
        SignerInformation signer = message.getSignerInfos().iterator().next();
        X509CertificateHolder holder =
            (X509CertificateHolder) message.getCertificates().getMatches(signer.getSID()).iterator().next();
        JcaX509CertificateConverter converter = new JcaX509CertificateConverter().setProvider("BC");
        X509Certificate certificate = converter.getCertificate(holder);
        System.out.println("digest: " + signer.getDigestAlgOID());
        System.out.println("algorithm: " + signer.getEncryptionAlgOID());
        System.out.println("signer: " + certificate.getSubjectX500Principal());

        print("signature", () ->
            signer.verify(new JcaSimpleSignerInfoVerifierBuilder().setProvider("BC").build(certificate)));
        print("named certificate", () -> {
            SigningCertificateV2 attribute = SigningCertificateV2.getInstance(signer.getSignedAttributes()
                .get(PKCSObjectIdentifiers.id_aa_signingCertificateV2).getAttrValues().getObjectAt(0));
            ESSCertIDv2 named = attribute.getCerts()[0];
            MessageDigest digest = MessageDigest.getInstance(named.getHashAlgorithm().getAlgorithm().getId(), "BC");
            return Arrays.equals(digest.digest(holder.getEncoded()), named.getCertHash());
        });
        print("chain", () -> {
            List<X509Certificate> known = new ArrayList<>();
            for (X509CertificateHolder other : message.getCertificates().getMatches(null)) {
                known.add(converter.getCertificate(other));
            }
            X509CertSelector wanted = new X509CertSelector();
            wanted.setCertificate(certificate);
            PKIXBuilderParameters terms = new PKIXBuilderParameters(Set.of(anchor(anchor)), wanted);
            terms.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(known), "BC"));
            terms.setRevocationEnabled(false);
            terms.setDate(Date.from(time));
            return CertPathBuilder.getInstance("PKIX", "BC").build(terms) != null;
        });
    }

    static TrustAnchor anchor(String path) throws Exception {
        try (PEMParser parser = new PEMParser(new FileReader(path))) {
            X509CertificateHolder root = (X509CertificateHolder) parser.readObject();
            return new TrustAnchor(new JcaX509CertificateConverter().setProvider("BC").getCertificate(root), null);
        }
    }

    static byte[] unhex(String digits) {
        byte[] bytes = new byte[digits.length() / 2];
        for (int index = 0; index < bytes.length; index++) {
            bytes[index] = (byte) Integer.parseInt(digits.substring(2 * index, 2 * index + 2), 16);
        }
        return bytes;
    }
}
