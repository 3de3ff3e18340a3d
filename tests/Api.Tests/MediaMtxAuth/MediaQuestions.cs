using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Streams.Api.Tests.Access;
using Xunit;

namespace Streams.Api.Tests.MediaMtxAuth;

/// <summary>Sends authentication requests as MediaMTX does.</summary>
internal static class MediaQuestions
{
    public const string Key = "publish-key-of-demo-1";
    public const string OtherKey = "publish-key-of-others";
    public const string ReadKey = "read-key-of-everything";

    public static readonly Dictionary<string, string?> Keys = new()
    {
        ["Streams:MediaAuth:PublishKeys:demo"] = Key,
        ["Streams:MediaAuth:DefaultPublishKey"] = OtherKey,
        ["Streams:MediaAuth:FailuresPerMinute"] = "10000",
        ["Streams:Media:ApiUser"] = "admin",
        ["Streams:Media:ApiPassword"] = "api-password",
    };

    public static Task<int> Ask(ProtectedApi api, string action, string path, string password, string user = "", string ip = "127.0.0.1") => Ask(api, new JsonObject
    {
        ["ip"] = ip,
        ["user"] = user,
        ["password"] = password,
        ["token"] = password,
        ["action"] = action,
        ["path"] = path,
        ["protocol"] = "rtmp",
        ["id"] = Guid.NewGuid().ToString(),
        ["query"] = $"user={user}&pass={password}",
        ["userAgent"] = "test",
    });

    public static async Task<int> Ask(ProtectedApi api, JsonObject question)
    {
        using HttpResponseMessage answer = await Post(api.Http, question.ToJsonString());
        if ((int)answer.StatusCode is not 204 and var status)
        {
            JsonElement problem = await ApiFixture.Problem(answer, status);
            string secret = (string?)question["password"] ?? "";
            Assert.True(secret.Length == 0 || !problem.ToString().Contains(secret, StringComparison.Ordinal));
        }

        return (int)answer.StatusCode;
    }

    public static async Task<HttpResponseMessage> Post(HttpClient http, string body, string type = "application/json", AuthenticationHeaderValue? authorization = null)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri("/v1/mediamtx/auth", UriKind.Relative))
        {
            Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue(type)),
        };
        request.Headers.Authorization = authorization ?? new AuthenticationHeaderValue("Bearer", ProtectedApi.HookToken);
        return await http.SendAsync(request);
    }
}
