#!/usr/bin/env bash
# `kubectl delete pod` under load, in a cluster of kind's that is made for it and deleted behind it:
#
#     examples/orders/deploy/delete-pod.sh [PODS]
#
# It deletes so many pods (5), one after the other, while eight customers order through the Service. It ends with 0 where no
# order failed, no connection was refused, and each container ended with exit code 0.
# It needs docker, kind, kubectl (1.30 or later), jq and cargo, and port 30051 of 127.0.0.1.
set -euo pipefail
cd "$(dirname "$0")/../../.."
pods=${1:-5}
cluster=orders-delete-pod
image=orders:delete-pod
node_port=30051

for tool in docker kind kubectl jq cargo; do
    command -v "$tool" >/dev/null || {
        echo "$tool is not installed" >&2
        exit 2
    }
done
work=$(mktemp -d)
customers=
# shellcheck disable=SC2317 # the trap calls it
clean_up() {
    [ -z "$customers" ] || kill "$customers" 2>/dev/null || true
    kind delete cluster --name "$cluster" >/dev/null 2>&1 || true
    rm -rf "$work"
}
trap clean_up EXIT
kube() { kubectl --context "kind-$cluster" "$@"; }

cargo build --quiet --package orders --example customers
docker build --quiet --tag "$image" --file examples/orders/Dockerfile .
cat >"$work/kind.yaml" <<YAML
kind: Cluster
apiVersion: kind.x-k8s.io/v1alpha4
nodes:
  - role: control-plane
    extraPortMappings:
      - { containerPort: $node_port, hostPort: $node_port, listenAddress: 127.0.0.1 }
YAML
kind create cluster --name "$cluster" --config "$work/kind.yaml" --wait 120s
kind load docker-image "$image" --name "$cluster"

# The generated manifest. What no plan says comes from here: where it listens, a database that goes with its pod, and a
# port of the node's, so that the customers come through the Service.
cp examples/orders/deploy/kubernetes.yaml "$work"
cat >"$work/kustomization.yaml" <<YAML
resources: [kubernetes.yaml]
images:
  - { name: orders, newTag: delete-pod }
patches:
  - target: { kind: Deployment }
    patch: |
      - op: add
        path: /spec/template/spec/containers/0/env
        value:
          - { name: ADDRESS, value: "0.0.0.0:50051" }
          - { name: ADMIN_ADDRESS, value: "0.0.0.0:9990" }
          - { name: DATABASE, value: /tmp/orders.db }
          - { name: TOPIC, value: /tmp/orders.topic }
  - target: { kind: Service }
    patch: |
      - { op: add, path: /spec/type, value: NodePort }
      - { op: add, path: /spec/ports/0/nodePort, value: $node_port }
YAML
kube apply --kustomize "$work"
kube rollout status deployment/orders --timeout 180s

ADDRESS=127.0.0.1:$node_port "${CARGO_TARGET_DIR:-target}/debug/examples/customers" >"$work/customers" &
customers=$!
sleep 3

is_bad=0
for _ in $(seq "$pods"); do
    pod=$(kube get pods --selector app.kubernetes.io/name=orders --output json |
        jq --raw-output '[.items[] | select(.metadata.deletionTimestamp == null)][0].metadata.name')
    # Its last state goes with it: it is read while it changes.
    kube get pod "$pod" --watch --output json >"$work/$pod.json" 2>/dev/null &
    watch=$!
    kube delete pod "$pod" --timeout 60s
    kill "$watch" 2>/dev/null || true
    wait "$watch" 2>/dev/null || true
    code=$(jq --slurp '[.[].status.containerStatuses[]?.state.terminated.exitCode | values] | last' "$work/$pod.json")
    echo "$pod: exit code $code"
    [ "$code" = 0 ] || is_bad=1
    kube rollout status deployment/orders --timeout 120s >/dev/null
done

kill -INT "$customers"
wait "$customers" || is_bad=1
customers=
cat "$work/customers"
grep -q ' 0 connections refused, 0 orders failed' "$work/customers" || is_bad=1
exit "$is_bad"
