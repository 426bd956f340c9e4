//! A Deployment and its Service.

use super::service::{Service, quoted};
use super::waits::Waits;
use crate::plan::{Facts, whole_seconds};

/// How often readiness is asked, where the program's own delay does not ask for more.
const READINESS_PERIOD: u64 = 5;

pub(super) fn manifest(service: &Service, facts: &Facts) -> String {
    let waits = Waits::with_hook(facts);
    let Service {
        name,
        port,
        admin_port,
        replicas,
        ..
    } = service;
    let (live, ready) = (quoted(&service.live_path), quoted(&service.ready_path));
    let image = service.image();
    let (sum, grace) = (waits.sum(), waits.grace.as_secs());
    let hook = hook(waits);
    let period = readiness_period(facts);
    // The only one serves until another is ready.
    let unavailable = u32::from(*replicas > 1);
    format!(
        r"apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}
  labels:
    app.kubernetes.io/name: {name}
spec:
  replicas: {replicas}
  selector:
    matchLabels:
      app.kubernetes.io/name: {name}
  strategy:
    type: RollingUpdate
    rollingUpdate:
      maxUnavailable: {unavailable}
      maxSurge: 1
  template:
    metadata:
      labels:
        app.kubernetes.io/name: {name}
    spec:
      # {sum}.
      terminationGracePeriodSeconds: {grace}
      containers:
        - name: {name}
          image: {image}
          ports:
            - name: http
              containerPort: {port}
            - name: admin
              containerPort: {admin_port}
{hook}          # It is answered to the end: a probe that fails while the process drains would have it killed.
          livenessProbe:
            httpGet:
              path: {live}
              port: admin
            initialDelaySeconds: 30
            periodSeconds: 10
            timeoutSeconds: 5
            failureThreshold: 3
          readinessProbe:
            httpGet:
              path: {ready}
              port: admin
            initialDelaySeconds: 5
            periodSeconds: {period}
            timeoutSeconds: 3
            failureThreshold: 3
          resources:
            requests:
              cpu: 100m
              memory: 128Mi
            limits:
              memory: 256Mi
---
apiVersion: v1
kind: Service
metadata:
  name: {name}
  labels:
    app.kubernetes.io/name: {name}
spec:
  selector:
    app.kubernetes.io/name: {name}
  ports:
    - name: http
      port: {port}
      targetPort: http
"
    )
}

/// Without a shell, which the image may not have.
fn hook(waits: Waits) -> String {
    if waits.pre_stop.is_zero() {
        return String::new();
    }
    let seconds = whole_seconds(waits.pre_stop);
    format!(
        "          # Balancers learn late that the pod is to go: it serves on, before it is told.
          lifecycle:
            preStop:
              sleep:
                seconds: {seconds}
"
    )
}

/// No longer than the delay: whoever goes by the probe has to learn of the stop while it still serves.
fn readiness_period(facts: &Facts) -> u64 {
    match facts.delay.as_secs() {
        0 => READINESS_PERIOD,
        delay => delay.min(READINESS_PERIOD),
    }
}
