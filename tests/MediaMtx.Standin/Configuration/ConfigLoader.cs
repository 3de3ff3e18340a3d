using System.Collections;

namespace MediaMtx.Standin.Configuration;

/// <summary>Reads <c>mediamtx.yml</c> and the environment into a <see cref="ServerConfig"/>.</summary>
internal static class ConfigLoader
{
    /// <summary>Loads the configuration of this process.</summary>
    /// <exception cref="ConfigException">It cannot be used; the message says why.</exception>
    public static ServerConfig Load(string file, ServerVersion version)
    {
        Dictionary<string, string> environment = new(StringComparer.Ordinal);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            environment[(string)variable.Key] = (string?)variable.Value ?? "";
        }

        return Load(SettingsTree.Read(file), environment, version);
    }

    private static ServerConfig Load(SettingsMap tree, Dictionary<string, string> environment, ServerVersion version)
    {
        new Settings(tree).Check(version.KnownGlobal);
        new EnvironmentOverrides(environment, version).Apply(tree);
        Settings settings = new(tree);
        List<string> warnings = [];
        foreach (string missing in new[] { "webrtc", "srt", "moq", "pprof" }.Where(name => settings.Has(name) && settings.Flag(name, false)))
        {
            warnings.Add($"the stand-in has no {missing} server: '{missing}: true' is ignored");
        }

        return new ServerConfig
        {
            Version = version,
            LogLevel = settings.Text("logLevel", "info"),
            LogStructured = settings.Flag("logStructured", false),
            ReadTimeout = settings.Duration("readTimeout", "10s"),
            WriteTimeout = settings.Duration("writeTimeout", "10s"),
            WriteQueueSize = QueueSize(settings),
            ApiAddress = Address(settings, "api", false, ":9997"),
            MetricsAddress = Address(settings, "metrics", false, ":9998"),
            PlaybackAddress = Address(settings, "playback", false, ":9996"),
            RtspAddress = Address(settings, "rtsp", true, ":8554"),
            RtspOverTcp = !settings.Has("rtspTransports") || settings.Texts("rtspTransports").Contains("tcp"),
            RtmpAddress = Address(settings, "rtmp", true, ":1935"),
            HasSrt = settings.Flag("srt", true),
            HasWebRtc = settings.Flag("webrtc", true),
            HlsAddress = Address(settings, "hls", true, ":8888"),
            Users = Users(settings),
            AuthHttpAddress = AuthHttpAddress(settings),
            AuthHttpExclude = settings.Map.ContainsKey("authHTTPExclude")
                ? Permissions(settings, "authHTTPExclude")
                : [new("api", ""), new("metrics", ""), new("pprof", "")],
            Paths = new PathSettings(settings, version, warnings),
            Raw = tree,
            AuthPause = environment.TryGetValue("STANDIN_AUTH_PAUSE", out string? pause) ? GoDuration.Parse(pause) : TimeSpan.FromSeconds(4),
            Warnings = warnings,
        };
    }

    private static string? Address(Settings settings, string server, bool byDefault, string address)
    {
        if (!settings.Flag(server, byDefault))
        {
            return null;
        }

        string configured = settings.Text(server + "Address", address);
        return configured.Length > 0
            ? configured
            : throw new ConfigException($"'{server}Address' must be set when {server} is enabled");
    }

    private static int QueueSize(Settings settings)
    {
        int size = settings.Number("writeQueueSize", 512);
        return size > 0 && (size & (size - 1)) == 0 ? size : throw new ConfigException("'writeQueueSize' must be a power of two");
    }

    private static List<InternalUser> Users(Settings settings)
    {
        List<InternalUser> users = [];
        foreach (Settings user in settings.Maps("authInternalUsers"))
        {
            user.Check(KnownSettings.User);
            string name = user.Text("user", "");
            string password = user.Text("pass", "");
            if (name.Length == 0)
            {
                throw new ConfigException("empty usernames are not supported");
            }

            if (name == "any" && password.Length > 0)
            {
                throw new ConfigException("using a password with 'any' user is not supported");
            }

            users.Add(new InternalUser(name, password, user.Texts("ips"), Permissions(user, "permissions")));
        }

        return users;
    }

    private static List<Permission> Permissions(Settings settings, string name) =>
        settings.Maps(name).Select(permission => new Permission(permission.Text("action", ""), permission.Text("path", ""))).ToList();

    private static string? AuthHttpAddress(Settings settings)
    {
        string address = settings.Text("authHTTPAddress", "");
        return settings.Text("authMethod", "internal") switch
        {
            "internal" => null,
            "http" when address.Length == 0 => throw new ConfigException("'authHTTPAddress' is empty"),
            "http" when !Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https") =>
                throw new ConfigException("'authHTTPAddress' must be a HTTP URL"),
            "http" => address,
            _ => throw new ConfigException("the stand-in knows only 'authMethod: internal' and 'authMethod: http'"),
        };
    }
}
