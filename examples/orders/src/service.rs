//! The calls.

use crate::saga::Sagas;
use crate::store::Store;
use orders::api::orders_server::Orders;
use orders::api::{NewOrder, OrderState, Placed};
use tonic::{Request, Response, Status};

pub(crate) struct OrdersApi {
    store: Store,
    sagas: Sagas,
}

impl OrdersApi {
    pub(crate) fn new(store: Store, sagas: Sagas) -> Self {
        Self { store, sagas }
    }
}

#[tonic::async_trait]
impl Orders for OrdersApi {
    async fn place(&self, request: Request<NewOrder>) -> Result<Response<Placed>, Status> {
        let id = self
            .store
            .place(&request.into_inner().item)
            .await
            .map_err(failed)?;
        // Refused only where this call itself was cut: then its saga runs after the next start.
        if let Err(refused) = self.sagas.begin(id) {
            tracing::warn!(order = id, %refused, "its saga waits for the next start");
        }
        Ok(Response::new(Placed { id }))
    }

    async fn state(&self, request: Request<Placed>) -> Result<Response<OrderState>, Status> {
        let state = self
            .store
            .state(request.into_inner().id)
            .await
            .map_err(failed)?;
        let state = state.ok_or_else(|| Status::not_found("there is no such order"))?;
        Ok(Response::new(OrderState { state }))
    }
}

#[expect(clippy::needless_pass_by_value, reason = "as `map_err` wants it")]
fn failed(error: sqlx::Error) -> Status {
    tracing::error!(%error, "the database");
    Status::internal("the database")
}
