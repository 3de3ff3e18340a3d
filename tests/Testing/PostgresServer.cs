using System.Globalization;

namespace Streams.Testing;

/// <summary>
/// A PostgreSQL server of a test's own: a new cluster in a temporary folder, on a free port of 127.0.0.1, which is gone with the test. Its user
/// <c>streams</c> may do everything and has a password over TCP; the socket in the folder asks for none.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    /// <summary>The user of all connection strings.</summary>
    public const string User = "streams";

    /// <summary>PostgreSQL refuses to run as root; this is the user that its packages make.</summary>
    private const string UserForRoot = "postgres";

    private const int Quit = 3;
    private readonly string _folder;
    private readonly IReadOnlyList<string> _settings;
    private ChildProgram? _program;
    private int _databases;

    private PostgresServer(string folder, IReadOnlyList<string> settings)
    {
        _folder = folder;
        _settings = settings;
    }

    /// <summary>Why there can be no server here; null when there can.</summary>
    public static string? Missing => Programs is null
        ? "No PostgreSQL on this machine: neither /usr/lib/postgresql/*/bin nor the PATH has initdb. make setup-test installs it."
        : null;

    /// <summary>Its port.</summary>
    public int Port { get; } = FreePorts.Next();

    /// <summary>The password of <see cref="User"/>, which no message may have.</summary>
    public string Password { get; } = $"secret-{Guid.NewGuid():N}";

    /// <summary>The folder with its Unix socket, which asks for no password.</summary>
    public string SocketFolder => _folder;

    /// <summary>The server's process, the parent of all others; it ends with <see cref="Kill"/>.</summary>
    public ChildProgram Program => _program ?? throw new InvalidOperationException("The server does not run.");

    private static string? Programs { get; } = FindPrograms();

    private string Data => Path.Combine(_folder, "data");

    /// <summary>Makes a cluster and starts its server.</summary>
    /// <param name="fsync">Whether it waits for the disk, as a server in production does; without it tests are faster.</param>
    /// <param name="settings">More settings, as <c>name=value</c>.</param>
    /// <exception cref="InvalidOperationException">There is no PostgreSQL here, or it does not start; the message says why.</exception>
    public static async Task<PostgresServer> Start(bool fsync = false, params string[] settings)
    {
        string folder = Directory.CreateTempSubdirectory("streams-pg-").FullName;
        PostgresServer server = new(folder, [$"fsync={(fsync ? "on" : "off")}", .. settings]);
        try
        {
            await server.Create();
            await server.StartAgain();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes an empty database, and returns how to reach it.</summary>
    public async Task<string> CreateDatabase()
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref _databases)}");
        await Run("createdb", "--host", _folder, "--port", $"{Port}", "--username", User, name);
        return ConnectionString(name);
    }

    /// <summary>How to reach a database, which need not be there.</summary>
    public string ConnectionString(string database) => $"Host=127.0.0.1;Port={Port};Database={database};Username={User};Password={Password}";

    /// <summary>Runs SQL in a database by <c>psql</c>, as somebody beside the program under test.</summary>
    public Task<string> Sql(string database, string sql) =>
        Run("psql", "--host", _folder, "--port", $"{Port}", "--username", User, "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1", "--command", sql, database);

    /// <summary>Ends it at once, as a crash would. What was committed is there after <see cref="StartAgain"/>.</summary>
    public async Task Kill()
    {
        Program.Signal(Quit);
        await Program.WaitForEnd();
        await Program.DisposeAsync();
        _program = null;
    }

    /// <summary>Starts it on the same port with the same databases, and waits until it takes connections.</summary>
    public async Task StartAgain()
    {
        List<string> arguments = ["-D", Data, "-p", $"{Port}", "-h", "127.0.0.1", "-k", _folder];
        foreach (string setting in _settings)
        {
            arguments.AddRange(["-c", setting]);
        }

        (string program, IEnumerable<string> all) = AsItsUser("postgres", arguments);
        _program = ChildProgram.Start(program, all, new Dictionary<string, string> { ["LC_ALL"] = "C" });
        await Eventually.Get(
            () => _program.HasEnded ? throw new InvalidOperationException("It has ended.") : _program.Output,
            static output => output.Contains("database system is ready to accept connections", StringComparison.Ordinal),
            $"a PostgreSQL server that is ready. It wrote: {_program.Output}");
    }

    /// <summary>Stops all its processes without ending them, as a machine that hangs.</summary>
    public void Freeze()
    {
        Program.Signal(ChildProgram.Freeze);
        SignalChildren(ChildProgram.Freeze);
    }

    /// <summary>Lets it run on after <see cref="Freeze"/>.</summary>
    public void Thaw()
    {
        SignalChildren(ChildProgram.Thaw);
        Program.Signal(ChildProgram.Thaw);
    }

    /// <summary>Ends it, and removes its folder.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_program is { HasEnded: false })
        {
            Thaw();
            await Kill();
        }

        if (_program is not null)
        {
            await _program.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private async Task Create()
    {
        if (Programs is null)
        {
            throw new InvalidOperationException(Missing);
        }

        string passwordFile = Path.Combine(_folder, "password");
        await File.WriteAllTextAsync(passwordFile, Password);
        if (Environment.IsPrivilegedProcess)
        {
            await RunOrThrow("chown", ["-R", $"{UserForRoot}:", _folder]);
        }

        (string program, IEnumerable<string> arguments) = AsItsUser(
            "initdb",
            [
                "-D", Data, "--username", User, "--pwfile", passwordFile, "--auth-local", "trust", "--auth-host", "scram-sha-256", "--encoding", "UTF8",
                "--locale", "C", "--no-sync",
            ]);
        await RunOrThrow(program, arguments);
        File.Delete(passwordFile);
    }

    private void SignalChildren(int signal)
    {
        foreach (int child in Processes.ChildrenOf(Program.Pid))
        {
            Processes.TrySignal(child, signal); // It may have ended since it was listed.
        }
    }

    /// <summary>A client's program; any user may run it.</summary>
    private static Task<string> Run(string name, params string[] arguments) => RunOrThrow(Path.Combine(Programs!, name), arguments);

    private static async Task<string> RunOrThrow(string program, IEnumerable<string> arguments)
    {
        (int code, string output) = await ChildProgram.Run(program, arguments);
        return code == 0 ? output.Trim() : throw new InvalidOperationException($"{program} failed with {code}: {output}");
    }

    private static (string Program, IEnumerable<string> Arguments) AsItsUser(string name, IEnumerable<string> arguments)
    {
        string program = Path.Combine(Programs!, name);
        return Environment.IsPrivilegedProcess
            ? ("setpriv", ["--reuid", UserForRoot, "--regid", UserForRoot, "--init-groups", program, .. arguments])
            : (program, arguments);
    }

    private static string? FindPrograms()
    {
        const string Debian = "/usr/lib/postgresql";
        IEnumerable<string> ofDebian = Directory.Exists(Debian)
            ? Directory.EnumerateDirectories(Debian).OrderByDescending(static folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out int version) ? version : 0)
                .Select(static folder => Path.Combine(folder, "bin"))
            : [];
        string? onPath = ChildProgram.Find("initdb") is { } link ? Path.GetDirectoryName(File.ResolveLinkTarget(link, returnFinalTarget: true)?.FullName ?? link) : null;
        return ofDebian.Append(onPath).FirstOrDefault(static folder => folder is not null && File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")));
    }
}
