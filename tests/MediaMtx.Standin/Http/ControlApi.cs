using MediaMtx.Standin.Faults;
using MediaMtx.Standin.Logging;
using MediaMtx.Standin.Paths;
using MediaMtx.Standin.Rtmp;
using MediaMtx.Standin.Rtsp;

namespace MediaMtx.Standin.Http;

/// <summary>The part of MediaMTX's Control API that the stand-in has, and below <c>/standin/</c> the faults.</summary>
internal sealed class ControlApi(
    ServerContext context, HttpAccess access, ConfigApi config, FaultsApi faults, PublishersApi publishers, RtmpServer? rtmp, RtspServer? rtsp)
{
    private readonly string _started = ServerLog.Rfc3339(context.Clock.GetUtcNow());

    public async Task Handle(HttpContext http)
    {
        if (!await access.Allows(http, "api", "", "API"))
        {
            return;
        }

        string path = http.Request.Path.Value ?? "";
        if (path.StartsWith("/standin/", StringComparison.Ordinal))
        {
            await (path == "/standin/publishers" ? publishers.Handle(http) : faults.Handle(http));
            return;
        }

        ApiFault fault = context.Faults.NextApiFault();
        if (fault.Delay > TimeSpan.Zero)
        {
            await Task.Delay(fault.Delay, http.RequestAborted);
        }

        if (fault.IsDown)
        {
            http.Abort();
            return;
        }

        string[] words = path.Trim('/').Split('/', 4);
        try
        {
            Task answer = (http.Request.Method, words) switch
            {
                ("GET", ["v3", "info"]) => Answers.Value(http, new ApiInfo(context.Config.Version.Name, _started)),
                (_, ["v3", "config", ..]) => config.Handle(http, path.Trim('/').Split('/', 5)[2..]),
                ("GET", ["v3", "paths", "list"]) => ListPaths(http, fault),
                ("GET", ["v3", "paths", "get", string name]) => GetPath(http, name),
                (_, ["v3", ..]) => Connections(http, Kind(path)),
                _ => Answers.NotFound(http),
            };
            await answer;
        }
        catch (FormatException invalid)
        {
            await Refuse(http, StatusCodes.Status400BadRequest, invalid.Message);
        }
    }

    private Task ListPaths(HttpContext http, ApiFault fault)
    {
        Page page = Page.Parse(http.Request.Query);
        IReadOnlyList<ApiPath> all = fault.Paths ?? [.. context.Paths.Snapshot().Select(ApiViews.Of)];
        IReadOnlyList<ApiPath> paths = fault.Hidden is null ? all : [.. all.Where(path => path.Name != fault.Hidden)];
        return Answers.Value(http, (fault.PageSize > 0 ? page with { Size = Math.Min(page.Size, fault.PageSize) } : page).Of(paths));
    }

    private Task GetPath(HttpContext http, string name) =>
        context.Paths.Snapshot().FirstOrDefault(path => path.Name == name) is PathSnapshot found
            ? Answers.Value(http, ApiViews.Of(found))
            : Refuse(http, StatusCodes.Status404NotFound, "path not found");

    // The names until v1.20: since v1.21 a slash stands between the protocol and what is listed.
    private string[] Kind(string path)
    {
        string[] words = path.Trim('/').Split('/')[1..];
        return !context.Config.Version.HasNestedEndpoints ? words
            : words is [string protocol, "conns" or "sessions", ..] ? [protocol + words[1], .. words[2..]] : [];
    }

    private Task Connections(HttpContext http, string[] words) => words switch
    {
        ["rtmpconns", .. string[] rest] when rtmp is not null =>
            Resource(http, rest, rtmp.Connections, one => one.Id, one => ApiViews.Of(one, context.Config.Version), one => one.Terminate(), "connection not found"),
        ["rtspconns", .. string[] rest] when rtsp is not null && (rest is not ["kick", ..] || context.Config.Version.HasNestedEndpoints) =>
            Resource(http, rest, rtsp.Connections, one => one.Id, ApiViews.Of, one => one.Terminate(), "connection not found"),
        ["rtspsessions", .. string[] rest] when rtsp is not null =>
            Resource(http, rest, rtsp.Sessions, one => one.Id, one => ApiViews.Of(one, context.Config.Version), one => one.Terminate(), "session not found"),
        ["srtconns", .. string[] rest] when context.Config.HasSrt => Nobody(http, rest, "connection not found"),
        ["webrtcsessions", .. string[] rest] when context.Config.HasWebRtc => Nobody(http, rest, "session not found"),
        _ => Answers.NotFound(http),
    };

    private Task Nobody(HttpContext http, string[] rest, string missing) =>
        Resource<object, object>(http, rest, [], static _ => default, static one => one, static _ => { }, missing);

    private Task Resource<T, TView>(
        HttpContext http, string[] rest, IReadOnlyList<T> all, Func<T, Guid> idOf, Func<T, TView> view, Action<T> kick, string missing)
        where T : class
    {
        if (http.Request.Method == "GET" && rest is ["list"])
        {
            return Answers.Value(http, Page.Parse(http.Request.Query).Of([.. all.Select(view)]));
        }

        if (rest is not [string verb, string text] || (http.Request.Method, verb) is not (("GET", "get") or ("POST", "kick")))
        {
            return Answers.NotFound(http);
        }

        if (!Guid.TryParse(text, out Guid id))
        {
            throw new FormatException($"invalid UUID length: {text.Length}");
        }

        if (all.FirstOrDefault(item => idOf(item) == id) is not T one)
        {
            return Refuse(http, StatusCodes.Status404NotFound, missing);
        }

        if (verb == "get")
        {
            return Answers.Value(http, view(one));
        }

        kick(one);
        return Answers.Ok(http);
    }

    private Task Refuse(HttpContext http, int status, string error)
    {
        context.Log.Error($"[API] {error}");
        return Answers.Error(http, status, error);
    }
}
