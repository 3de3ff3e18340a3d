using System.Text.Json;
using System.Text.Json.Nodes;
using MediaMtx.Standin.Configuration;

namespace MediaMtx.Standin.Http;

/// <summary>The part of the Control API below <c>/v3/config/</c>: paths are read, added, changed and removed while the server runs.</summary>
internal sealed class ConfigApi(ServerContext context)
{
    private readonly PathSettings _settings = context.Config.Paths;

    /// <summary>Answers a request.</summary>
    /// <param name="words">What follows <c>/v3/config/</c>; the last of them may be a path's name with slashes.</param>
    public async Task Handle(HttpContext http, string[] words)
    {
        try
        {
            Task answer = (http.Request.Method, words) switch
            {
                ("GET", ["global", "get"]) => Answers.Value(http, context.Config.Raw),
                ("GET", ["pathdefaults", "get"]) => Answers.Value(http, PathSettingsJson.Show("", _settings.Defaults, context.Config.Version)),
                ("GET", ["paths", "list"]) => Answers.Value(http, Page.Parse(http.Request.Query).Of([.. _settings.Names.Select(Show)])),
                ("GET", ["paths", "get", string name]) => _settings.Find(name) is null
                    ? Refuse(http, StatusCodes.Status404NotFound, "path configuration not found")
                    : Answers.Value(http, Show(name)),
                ("POST", ["paths", "add", string name]) => Change(http, async warnings => _settings.Add(name, await Read(http), warnings)),
                ("POST", ["paths", "replace", string name]) => Change(http, async warnings => _settings.Replace(name, await Read(http), warnings)),
                ("PATCH", ["paths", "patch", string name]) => Change(http, async warnings => _settings.Patch(name, await Read(http), warnings)),
                ("DELETE", ["paths", "delete", string name]) => Change(http, warnings =>
                {
                    _settings.Delete(name, warnings);
                    return Task.CompletedTask;
                }),
                _ => Answers.NotFound(http),
            };
            await answer;
        }
        catch (ConfigException error)
        {
            await Refuse(http, StatusCodes.Status400BadRequest, error.Message);
        }
        catch (KeyNotFoundException error)
        {
            await Refuse(http, StatusCodes.Status404NotFound, error.Message);
        }
    }

    private JsonObject Show(string name) => PathSettingsJson.Show(name, _settings.Find(name) ?? [], context.Config.Version);

    private async Task Change(HttpContext http, Func<List<string>, Task> change)
    {
        List<string> warnings = [];
        await change(warnings);
        warnings.ForEach(context.Log.Warn);
        context.Log.Info("reloading configuration (API request)");
        context.Paths.Load();
        await Answers.Ok(http);
    }

    private async Task<SettingsMap> Read(HttpContext http)
    {
        using StreamReader reader = new(http.Request.Body);
        string text = await reader.ReadToEndAsync(http.RequestAborted);
        try
        {
            using JsonDocument body = JsonDocument.Parse(text);
            return PathSettingsJson.Read(body.RootElement, context.Config.Version);
        }
        catch (JsonException error)
        {
            throw new ConfigException(error.BytePositionInLine >= text.Length ? "unexpected end of JSON input" : error.Message);
        }
    }

    private Task Refuse(HttpContext http, int status, string error)
    {
        context.Log.Error($"[API] {error}");
        return Answers.Error(http, status, error);
    }
}
