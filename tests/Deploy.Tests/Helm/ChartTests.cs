using k8s.Models;
using Streams.Deploy.Tests.Containers;
using Xunit;

namespace Streams.Deploy.Tests.Helm;

/// <summary>The chart for Kubernetes: what it makes, and what it refuses.</summary>
public sealed class ChartTests
{
    [Fact]
    public async Task Helm_has_nothing_to_say()
    {
        (int code, string output) = await Chart.Helm("lint", Chart.Needed, "--strict");
        Assert.True(code == 0, output);
    }

    [Theory]
    [InlineData("secrets.storeConnection", "secrets.storeConnection is missing")]
    [InlineData("secrets.operatorToken", "secrets.operatorToken is missing")]
    [InlineData("secrets.hookToken", "secrets.hookToken is missing")]
    [InlineData("secrets.publishKey", "with mediaAuth http inputs are published with it")]
    public async Task Without_a_secret_nothing_is_made_and_it_says_what_to_set(string name, string reason)
    {
        (int code, string output) = await Chart.Helm("template", Chart.Needed.Where(value => value.Key != name).ToDictionary());

        Assert.NotEqual(0, code);
        Assert.Contains(reason, output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("silos.replica", "3")]
    [InlineData("silos.replicas", "0")]
    [InlineData("mediaAuth", "none")]
    [InlineData("secrets.operatorToken", "short")]
    [InlineData("silos.stopWithin", "5")]
    [InlineData("slates.existingClaim", "Not_a_name")]
    public async Task A_value_that_there_is_not_is_refused(string name, string value)
    {
        (int code, string output) = await Chart.Helm("template", new Dictionary<string, string>(Chart.Needed) { [name] = value });

        Assert.NotEqual(0, code);
        Assert.Contains(name.Split('.')[^1], output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_container_is_without_root_without_capabilities_and_writes_to_volumes_only()
    {
        Manifests manifests = await Chart.Render();

        Assert.All(manifests.Pods, static pod =>
        {
            Assert.True(pod.SecurityContext.RunAsNonRoot);
            Assert.Equal(1654, pod.SecurityContext.RunAsUser);
            Assert.Equal("RuntimeDefault", pod.SecurityContext.SeccompProfile.Type);
            Assert.False(pod.AutomountServiceAccountToken);
            Assert.False(pod.EnableServiceLinks);
            Assert.True(pod.ShareProcessNamespace);
            V1Container container = Assert.Single(pod.Containers);
            Assert.True(container.SecurityContext.ReadOnlyRootFilesystem);
            Assert.False(container.SecurityContext.AllowPrivilegeEscalation);
            Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
            Assert.Null(container.SecurityContext.Capabilities.Add);
            Assert.Contains(container.VolumeMounts, static mount => mount.MountPath == "/tmp");
            Assert.Equal(container.VolumeMounts.Select(static mount => mount.Name).Order(), pod.Volumes.Select(static volume => volume.Name).Order());
            Assert.All(pod.Volumes, static volume => Assert.NotNull(volume.EmptyDir));
        });
        V1Container silo = manifests.Silos.Spec.Template.Spec.Containers[0];
        Assert.Contains(silo.VolumeMounts, mount => mount.MountPath == ValueOf(silo, "Streams__Data__Folder"));
    }

    [Theory]
    [InlineData(60, 30, "00:01:00")]
    [InlineData(3600, 90, "01:00:00")]
    [InlineData(75, 25, "00:01:15")]
    public async Task A_silo_is_killed_only_after_it_could_drain_and_end_its_workers(int drain, int stop, string written)
    {
        Manifests manifests = await Chart.Render(("silos.drainTimeout", $"{drain}"), ("silos.stopWithin", $"{stop}"));

        V1PodSpec pod = manifests.Silos.Spec.Template.Spec;
        int before = int.Parse(pod.Containers[0].Lifecycle.PreStop.Exec.Command[1], null);
        Assert.True(pod.TerminationGracePeriodSeconds > before + drain + stop, $"{pod.TerminationGracePeriodSeconds} s");
        Assert.Equal(written, ValueOf(pod.Containers[0], "Streams__Cluster__DrainTimeout"));
        Assert.Equal($"{stop}", ValueOf(pod.Containers[0], "Streams__Shutdown__WithinSeconds"));
    }

    [Fact]
    public async Task One_silo_joins_before_another_drains_and_one_goes_at_a_time()
    {
        Manifests manifests = await Chart.Render();

        V1RollingUpdateDeployment update = manifests.Silos.Spec.Strategy.RollingUpdate;
        Assert.Equal(("0", "1"), (update.MaxUnavailable.Value, update.MaxSurge.Value));
        Assert.Equal("OnDelete", manifests.Media.Spec.UpdateStrategy.Type);
        Assert.All(manifests.All<V1PodDisruptionBudget>(), static budget => Assert.Equal("1", budget.Spec.MaxUnavailable.Value));
        Assert.Equal(["media", "silo"], manifests.All<V1PodDisruptionBudget>().Select(static budget => budget.Spec.Selector.MatchLabels["app.kubernetes.io/component"]).Order());
    }

    [Fact]
    public async Task A_silo_is_asked_whether_it_lives_and_not_what_is_the_same_for_all_of_them()
    {
        V1Container silo = (await Chart.Render()).Silos.Spec.Template.Spec.Containers[0];

        Assert.All([silo.StartupProbe, silo.ReadinessProbe, silo.LivenessProbe], static probe => Assert.Equal("/health/live", probe.HttpGet.Path));

        // It waits 30 s for its store before it gives up by itself.
        Assert.True(silo.StartupProbe.PeriodSeconds * silo.StartupProbe.FailureThreshold > 60);
    }

    [Fact]
    public async Task A_media_servers_probes_ask_nobody_but_itself()
    {
        V1Container media = (await Chart.Render()).Media.Spec.Template.Spec.Containers[0];

        Assert.All([media.StartupProbe, media.ReadinessProbe, media.LivenessProbe], static probe => Assert.NotNull(probe.TcpSocket));
    }

    [Fact]
    public async Task Pods_of_one_kind_are_spread_over_machines_and_zones()
    {
        Assert.All((await Chart.Render()).Pods, static pod => Assert.Equal(
            ["kubernetes.io/hostname", "topology.kubernetes.io/zone"], pod.TopologySpreadConstraints.Select(static constraint => constraint.TopologyKey)));
    }

    [Fact]
    public async Task Every_media_server_has_a_name_a_service_and_a_place_in_the_silos_list()
    {
        Manifests manifests = await Chart.Render(("media.replicas", "3"), ("media.zones", "{east,west}"), ("silos.zone", "east"));

        V1Container silo = manifests.Silos.Spec.Template.Spec.Containers[0];
        for (int number = 0; number < 3; number++)
        {
            string name = $"streams-media-{number}";
            Assert.Equal(name, ValueOf(silo, $"Streams__Media__Nodes__{number}__Name"));
            Assert.Equal($"http://{name}.streams-media.live.svc:9997", ValueOf(silo, $"Streams__Media__Nodes__{number}__ApiUrl"));
            Assert.Equal($"rtmp://{name}.streams-media.live.svc:1935", ValueOf(silo, $"Streams__Media__Nodes__{number}__RtmpUrl"));
            Assert.Equal(name, manifests.One<V1Service>(name).Spec.Selector["statefulset.kubernetes.io/pod-name"]);
        }

        Assert.DoesNotContain(silo.Env, static variable => variable.Name.StartsWith("Streams__Media__Nodes__3__", StringComparison.Ordinal));
        Assert.Equal(("east", "east", "west", null), (ValueOf(silo, "Streams__Cluster__Zone"), ValueOf(silo, "Streams__Media__Nodes__0__Zone"), ValueOf(silo, "Streams__Media__Nodes__1__Zone"), ValueOf(silo, "Streams__Media__Nodes__2__Zone")));
        V1Service names = manifests.One<V1Service>("streams-media");
        Assert.Equal(("None", manifests.Media.Spec.ServiceName), (names.Spec.ClusterIP, names.Metadata.Name));
        Assert.True(names.Spec.PublishNotReadyAddresses);
        V1EnvVar node = manifests.Media.Spec.Template.Spec.Containers[0].Env.Single(static variable => variable.Name == "STREAMS_NODE");
        Assert.Equal("metadata.name", node.ValueFrom.FieldRef.FieldPath);
    }

    [Fact]
    public async Task A_silo_is_known_by_its_pods_name_and_address()
    {
        V1Container silo = (await Chart.Render()).Silos.Spec.Template.Spec.Containers[0];

        Assert.Equal(
            ("metadata.name", "status.podIP", "postgres", "postgres"),
            (FieldOf("Streams__Cluster__Name"), FieldOf("Streams__Cluster__Address"), ValueOf(silo, "Streams__Cluster__Clustering"), ValueOf(silo, "Streams__Store__Kind")));

        string FieldOf(string name) => silo.Env.Single(variable => variable.Name == name).ValueFrom.FieldRef.FieldPath;
    }

    [Fact]
    public async Task Secrets_are_in_the_Secret_alone()
    {
        Manifests manifests = await Chart.Render();

        V1Secret secret = manifests.One<V1Secret>("streams-secrets");
        Assert.Equal(Chart.Needed.Values.Order(), secret.StringData.Values.Order());
        Assert.All(Chart.Needed.Values, value => Assert.Equal(2, manifests.Text.Split(value).Length));
    }

    [Fact]
    public async Task A_Secret_that_is_there_already_is_used_and_none_is_made()
    {
        (int code, string output) = await Chart.Helm("template", new Dictionary<string, string> { ["secrets.existing"] = "ours" });
        Assert.True(code == 0, output);
        Manifests manifests = new(output, k8s.KubernetesYaml.LoadAllFromString(output, strict: true));

        Assert.Empty(manifests.All<V1Secret>());
        Assert.All(manifests.Pods.SelectMany(static pod => pod.Containers[0].Env).Where(static variable => variable.ValueFrom?.SecretKeyRef is not null), static variable =>
            Assert.Equal("ours", variable.ValueFrom.SecretKeyRef.Name));
    }

    [Fact]
    public async Task A_changed_operators_token_restarts_silos_and_no_media_server()
    {
        Manifests before = await Chart.Render();
        Manifests after = await Chart.Render(("secrets.operatorToken", "secret-of-another"), ("image.siloTag", "v2"));

        Assert.NotEqual(ChecksumOf(before.Silos.Spec.Template), ChecksumOf(after.Silos.Spec.Template));
        Assert.Equal(ChecksumOf(before.Media.Spec.Template), ChecksumOf(after.Media.Spec.Template));
        Assert.Equal(before.Media.Spec.Template.Spec.Containers[0].Image, after.Media.Spec.Template.Spec.Containers[0].Image);

        static string ChecksumOf(V1PodTemplateSpec pod) => pod.Metadata.Annotations["checksum/secret"];
    }

    [Fact]
    public async Task Only_silos_reach_a_silos_ports_and_only_silos_the_Control_API()
    {
        Manifests manifests = await Chart.Render();

        Assert.Equal(["silo"], ThoseWhoReach("streams-silo", "silo"));
        Assert.Equal(["silo"], ThoseWhoReach("streams-silo", "gateway"));
        Assert.Equal(["media", "anybody"], ThoseWhoReach("streams-silo", "http"));
        Assert.Equal(["silo"], ThoseWhoReach("streams-media", "control"));
        Assert.Empty(ThoseWhoReach("streams-media", "metrics"));
        Assert.Equal(["silo", "anybody"], ThoseWhoReach("streams-media", "rtmp"));
        Assert.All(manifests.All<V1NetworkPolicy>(), static policy => Assert.Equal(["Ingress"], policy.Spec.PolicyTypes));

        IEnumerable<string> ThoseWhoReach(string policy, string port) => manifests.One<V1NetworkPolicy>(policy).Spec.Ingress
            .Where(rule => rule.Ports.Any(one => one.Port.Value == port))
            .SelectMany(static rule => rule.FromProperty?.Select(static peer => peer.PodSelector.MatchLabels["app.kubernetes.io/component"]) ?? ["anybody"]);
    }

    [Fact]
    public async Task Every_port_that_a_service_or_a_policy_names_is_one_of_the_container()
    {
        Manifests manifests = await Chart.Render();
        string[] silo = [.. manifests.Silos.Spec.Template.Spec.Containers[0].Ports.Select(static port => port.Name)];
        string[] media = [.. manifests.Media.Spec.Template.Spec.Containers[0].Ports.Select(static port => port.Name)];

        Assert.All(manifests.All<V1Service>(), service => Assert.Empty(
            service.Spec.Ports.Select(static port => port.TargetPort.Value).Except(PortsOf(service.Spec.Selector))));
        Assert.All(manifests.All<V1NetworkPolicy>(), policy => Assert.Empty(
            policy.Spec.Ingress.SelectMany(static rule => rule.Ports).Select(static port => port.Port.Value).Except(PortsOf(policy.Spec.PodSelector.MatchLabels))));

        string[] PortsOf(IDictionary<string, string> labels) => labels["app.kubernetes.io/component"] == "silo" ? silo : media;
    }

    [Fact]
    public async Task With_a_volume_that_silos_and_media_servers_share_the_audience_stays()
    {
        Manifests manifests = await Chart.Render(("slates.existingClaim", "streams-slates"));

        V1Container silo = manifests.Silos.Spec.Template.Spec.Containers[0];
        Assert.Equal("Keep", ValueOf(silo, "Streams__Continuity__Mode"));
        string folder = ValueOf(silo, "Streams__Continuity__SlateFolder")!;
        Assert.All(manifests.Pods, pod =>
        {
            V1Volume volume = pod.Volumes.Single(static one => one.PersistentVolumeClaim is not null);
            Assert.Equal("streams-slates", volume.PersistentVolumeClaim.ClaimName);
            V1VolumeMount mount = pod.Containers[0].VolumeMounts.Single(one => one.Name == volume.Name);

            // A media server knows a slate by the path that the silo tells it.
            Assert.Equal(folder, mount.MountPath);
            Assert.Equal(pod.Containers[0].Name == "mediamtx", mount.ReadOnlyProperty == true);
        });
    }

    [Fact]
    public async Task Without_one_nothing_is_said_of_it_and_the_silos_keep_nobody()
    {
        Manifests manifests = await Chart.Render();

        Assert.DoesNotContain(manifests.Silos.Spec.Template.Spec.Containers[0].Env, static variable => variable.Name.StartsWith("Streams__Continuity__", StringComparison.Ordinal));
        Assert.All(manifests.Pods, static pod => Assert.DoesNotContain(pod.Volumes, static volume => volume.PersistentVolumeClaim is not null));
    }

    /// <summary>What Compose hands the parts the chart hands them too, or says here why not.</summary>
    [Fact]
    public async Task Its_silos_and_media_servers_are_handed_what_those_of_Compose_are()
    {
        string[] optional =
        [
            "OTEL_EXPORTER_OTLP_ENDPOINT", "Streams__Access__TokenFile", "Streams__Api__PublicUrl", "Streams__Api__TrustedProxies",
            "Streams__Continuity__KeepFor", "Streams__Continuity__Slate", "Streams__Continuity__SlateCard",
            "Streams__MediaAuth__KeyFile", "Streams__Preview__HlsPort",
            "Streams__Preview__HlsUrl", "Streams__Retry__FailedEvery", "Streams__Workers__DefaultProfile", "Streams__Workers__SecretsFolder", "Streams__Workers__StopGrace",
        ]; // by silos.env
        Manifests manifests = await Chart.Render(("slates.existingClaim", "streams-slates")); // Compose has such a volume
        ComposeFile compose = new();

        Assert.Equal(optional, compose.EnvironmentOf("streams").Keys.Except(Names(manifests.Silos.Spec.Template)).Order(StringComparer.Ordinal));
        Assert.All(compose.EnvironmentOf("mediamtx").Keys.Except(Names(manifests.Media.Spec.Template)), static name =>
            Assert.True(name is "no_proxy" or "NO_PROXY" || (name.StartsWith("MTX_", StringComparison.Ordinal) && name.EndsWith("ADDRESS", StringComparison.Ordinal)), name)); // the image's own

        static IEnumerable<string> Names(V1PodTemplateSpec pod) => pod.Spec.Containers[0].Env.Select(static variable => variable.Name);
    }

    private static string? ValueOf(V1Container container, string name) => container.Env.SingleOrDefault(variable => variable.Name == name)?.Value;
}
