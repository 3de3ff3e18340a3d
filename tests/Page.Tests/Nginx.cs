using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Streams.Testing;
using Xunit;

namespace Streams.Page.Tests;

/// <summary>A real nginx with the lines of docs/reverse-proxy.md, on ports and with a certificate of this test's own; gone when the test is.</summary>
internal sealed class Nginx : IAsyncDisposable
{
    /// <summary>The host of the document.</summary>
    public const string Host = "media.example.com";

    private readonly string _folder;
    private readonly ChildProgram _program;

    private Nginx(string folder, X509Certificate2 certificate, ChildProgram program)
    {
        _folder = folder;
        Certificate = certificate;
        _program = program;
    }

    /// <summary>The one that it shows, made by this test.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>The document's lines for nginx.</summary>
    public static string DocumentedLines { get; } = ReadLines();

    /// <summary>Starts it, and waits until it listens; the test is skipped where there is none.</summary>
    /// <param name="lines">Its server blocks.</param>
    /// <param name="ports">Ports of the document, and what stands in for each here.</param>
    public static async Task<Nginx> Start(string lines, Dictionary<int, int> ports)
    {
        SkipWithout();
        string folder = Directory.CreateTempSubdirectory("streams-nginx-").FullName;
        foreach ((int documented, int own) in ports)
        {
            string changed = lines.Replace($"listen {documented} ", $"listen 127.0.0.1:{own} ", StringComparison.Ordinal).Replace($"http://127.0.0.1:{documented}", $"http://127.0.0.1:{own}", StringComparison.Ordinal);
            Assert.True(changed != lines, $"The document's lines no longer have the port {documented}.");
            lines = changed;
        }

        lines = lines.Replace("/etc/ssl/certs/", $"{folder}/", StringComparison.Ordinal).Replace("/etc/ssl/private/", $"{folder}/", StringComparison.Ordinal);
        string file = Path.Combine(folder, "nginx.conf");
        await File.WriteAllTextAsync(file, Around(folder, lines));
        Nginx nginx = new(folder, WriteCertificate(folder), ChildProgram.Start("nginx", ["-p", folder, "-e", "stderr", "-c", file]));
        try
        {
            await Eventually.True(() => nginx._program.HasEnded || File.Exists(Path.Combine(folder, "pid")), "nginx listening");
            Assert.False(nginx._program.HasEnded, nginx._program.Output);
            return nginx;
        }
        catch
        {
            await nginx.DisposeAsync();
            throw;
        }
    }

    public static void SkipWithout() => Assert.SkipWhen(ChildProgram.Find("nginx") is null, "No nginx on the PATH: make setup-test installs it.");

    public async ValueTask DisposeAsync()
    {
        await _program.DisposeAsync();
        Certificate.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static string ReadLines()
    {
        string document = File.ReadAllText(Repository.PathOf("docs", "reverse-proxy.md"));
        const string Begin = "```nginx\n";
        int begin = document.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        return document[begin..document.IndexOf("```", begin, StringComparison.Ordinal)];
    }

    // What Debian's own nginx.conf has around such lines, with nothing of this machine's.
    private static string Around(string folder, string lines) =>
        $$"""
        daemon off;
        master_process off;
        pid {{folder}}/pid;
        error_log stderr;
        events {}
        http {
        access_log off;
        client_body_temp_path {{folder}}/body;
        proxy_temp_path {{folder}}/proxy;
        fastcgi_temp_path {{folder}}/fastcgi;
        uwsgi_temp_path {{folder}}/uwsgi;
        scgi_temp_path {{folder}}/scgi;
        {{lines}}
        }
        """;

    private static X509Certificate2 WriteCertificate(string folder)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={Host}", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName(Host);
        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        X509Certificate2 certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        File.WriteAllText(Path.Combine(folder, $"{Host}.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, $"{Host}.key"), key.ExportPkcs8PrivateKeyPem());
        return certificate;
    }
}
