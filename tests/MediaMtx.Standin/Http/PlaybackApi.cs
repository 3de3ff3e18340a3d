using MediaMtx.Standin.Paths;

namespace MediaMtx.Standin.Http;

/// <summary>The playback server of a MediaMTX that has never recorded, so that it has no folder for it; and the stand-in's answer where HLS would be.</summary>
internal sealed class PlaybackApi(ServerContext context, HttpAccess access, PathNames names)
{
    public async Task Handle(HttpContext http)
    {
        if (http.Request.Path != "/list" && http.Request.Path != "/get")
        {
            await Answers.NotFound(http);
            return;
        }

        string path = http.Request.Query["path"].ToString();
        if (PathNames.Validate(path) is string invalid)
        {
            await Refuse(http, StatusCodes.Status400BadRequest, $"invalid path name: {invalid} ({path})");
        }
        else if (await access.Allows(http, "playback", path, "playback"))
        {
            await (names.Find(path, out string error) is null
                ? Refuse(http, StatusCodes.Status400BadRequest, error)
                : Refuse(http, StatusCodes.Status400BadRequest, $"lstat {Path.GetFullPath("recordings/" + path)}: no such file or directory"));
        }
    }

    public static Task NoHls(HttpContext http) =>
        Answers.Text(http, StatusCodes.Status404NotFound, "This is the MediaMTX stand-in of Streams' tests. It does not serve HLS; MediaMTX does.\n");

    private Task Refuse(HttpContext http, int status, string error)
    {
        context.Log.Error($"[playback] {error}");
        return Answers.Error(http, status, error);
    }
}
